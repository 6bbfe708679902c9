"""What can be taught: one spelling per skill.

Examples
--------
>>> from mentormatch.skills import Vocabulary
>>> Vocabulary.of(["SQL", "sql", "SQL"]).labels
('SQL',)
"""

from mentormatch.skills.synonyms import Resolution, Synonyms
from mentormatch.skills.taxonomy import Taxonomy
from mentormatch.skills.vocabulary import Vocabulary, key

__all__ = ["Resolution", "Synonyms", "Taxonomy", "Vocabulary", "key"]
