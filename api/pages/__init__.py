"""The pages for people: templates in ``templates``, and one module a page."""
