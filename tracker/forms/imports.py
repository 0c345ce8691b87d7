"""The forms of imports, and of loads of datasets."""

from django import forms
from django.conf import settings

from tracker.forms.fields import CodeField, CodeSelect
from tracker.models import DatasetLoad, ImportRun
from tracker.models.vocabularies import CorrectionReason


class UploadForm(forms.Form):
    """Base of forms with a file that may be as large as the installation allows."""

    @property
    def grouped(self):
        """All fields in one section, for `records/_fields.html`."""
        return [("", [self[name] for name in self.fields])]

    def clean_file(self):
        """The file; raises ValidationError if it is larger than the limit of the installation."""
        file = self.cleaned_data["file"]
        if file and file.size > settings.IMPORT_LIMIT_MB * 1024**2:
            raise forms.ValidationError(f"The file is larger than {settings.IMPORT_LIMIT_MB:,} MB.")
        return file


class ImportForm(UploadForm):
    """A file or pasted rows of one record type."""

    type = forms.ChoiceField(label="Record type")
    file = forms.FileField(
        required=False,
        label="File",
        help_text="CSV in UTF-8, or XLSX, with the headers of the export.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or paste rows",
        help_text="The first row names the columns; cells separated by tabs, commas or semicolons.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    profile = forms.ChoiceField(
        required=False,
        label="File format",
        choices=[("", "Detect from file name"), *ImportRun.Profile.choices],
        help_text="By name, *.tools.csv and *.xlsx are read as they are, and all other files as CSV for spreadsheets.",
    )
    reason = CodeField(
        required=False,
        label="Why developments are corrected",
        choices=[("", "Not stated"), *CorrectionReason.choices],
        help_text="For rows that correct a development and leave the column correction_reason empty.",
    )
    note = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept with the import."
    )

    def __init__(self, *args, kinds, **options):
        """`kinds`: (name, label) of the record types that the user may record."""
        super().__init__(*args, label_suffix="", **options)
        self.fields["type"].choices = kinds
        self.fields["reason"].widget = CodeSelect(choices=self.fields["reason"].choices)
        self.fields["reason"].widget.vocabularies = (CorrectionReason,)

    def clean(self):
        """Require exactly one of the two."""
        cleaned = super().clean()
        if "file" in cleaned and bool(cleaned["file"]) == bool(cleaned.get("text", "").strip()):
            self.add_error("file", "Choose a file, or paste rows: one of the two.")
        return cleaned


class DatasetForm(UploadForm):
    """A release of a published dataset."""

    dataset = forms.ChoiceField(choices=DatasetLoad.Dataset.choices)
    release = forms.CharField(
        max_length=DatasetLoad._meta.get_field("release").max_length,
        help_text="As its publisher calls it, such as 2025-07-03 or v9.",
    )
    file = forms.FileField(
        label="File",
        help_text="CSV in UTF-8, or XLSX, as its publisher offers it.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)
