"""The one page for leaders: headlines, sentences, lists, screens of the wall."""
