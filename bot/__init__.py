"""The process: the only package that reads settings or opens sockets."""
