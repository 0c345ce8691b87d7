"""Questions that span models, each answered in a fixed number of queries; modules are named after what is asked for."""
