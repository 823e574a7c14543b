//! Knowledge as data: loads and checks what is under `lexicon/`.
