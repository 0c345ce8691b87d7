"""What has changed in a process between two moments, or from one talk to another."""

from tracker.views.within import ProcessReport


class Compare(ProcessReport):
    """Two readings of a process, and what lies between them."""

    name = "compare"
    template_name = "process/compare.html"
    parameters = ("from", "to", "from_known", "to_known", "page")

    def table(self):
        return [], []
