"""The look of the console: component tags, tables, forms and the frame around every page."""
