"""slslint finds architecture mistakes in serverless applications by reading code and template together."""

__version__ = "0.1.0"
