"""Posted data, shown on a page that can send it again."""


def posted(request) -> dict:
    """The context of `parts/_send_again.html`."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    # Never write a password into a page.
    kept = [(name, value) for name, value in fields if "password" not in name.lower()]
    return {
        "address": request.get_full_path(),
        "is_form": request.method == "POST",
        "kept": kept,
        "typed": [(name, value) for name, value in kept if value.strip()],
        "passwords": len(kept) < len(fields),
        "files": [file.name for files in request.FILES.lists() for file in files[1]],
    }
