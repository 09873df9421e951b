"""What a finding says: a module each, with every form of it (title, message, sentence, key number, terminal line) beside the others.

A form takes a finding, which holds no words, and knows no tables; a story or the terminal says where it stands.
"""
