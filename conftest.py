import os

# Live bars and curves are for people: no committed output holds one. Kernels inherit this.
os.environ["COURSEKIT_LIVE"] = "0"
