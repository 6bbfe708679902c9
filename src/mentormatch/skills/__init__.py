"""What can be taught: one spelling per skill.

Examples
--------
>>> from mentormatch.skills import Vocabulary
>>> Vocabulary.of(["SQL", "sql", "SQL"]).labels
('SQL',)
"""

from mentormatch.skills.vocabulary import Vocabulary, key

__all__ = ["Vocabulary", "key"]
