"""Downloads of single pages: a module per topic, each made of the findings behind its page.

`dashboard.exports.DOWNLOADS` names them: ``what`` and ``format`` of the link → the function.
"""
