"""The loaders of datasets: on small files that we wrote, and on the real ones where they are at hand."""
