"""What every test may ask for."""
import os

import hypothesis

# The driver of the browser runs an event loop in the thread of the tests, which Django would take for its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# On a busy machine time says nothing of correctness; a counterexample is printed so that it can be run again.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
# For a hunt that may take long: pytest --hypothesis-profile=thorough.
hypothesis.settings.register_profile("thorough", parent=hypothesis.settings.get_profile("suite"), max_examples=5000)
hypothesis.settings.load_profile("suite")
