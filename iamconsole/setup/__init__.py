"""Getting a clone ready: environment, browser, throw-away PostgreSQL. For the Makefile, not for the product."""
