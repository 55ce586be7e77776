"""The same application on several machines: Ray Serve, KServe."""
