//! What the encoder's heads for events say of a sentence: a second voice beside the frames.

/// Categories of a sentence, in the order of the heads: neither, diplomacy, war.
pub const CATEGORIES: usize = 3;

/// Number of roles.
pub const ROLES: usize = 6;

/// Roles that a word may fill, in the order of the heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Initiator,
    Target,
    Participant,
    Place,
    Time,
    Claimant,
}

/// What is said of a sentence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct News {
    /// Probabilities of neither, diplomacy and war.
    pub category: [f32; CATEGORIES],
    /// Words that may be triggers, in text order.
    pub voices: Vec<Voice>,
}

/// What is said of a word that may be a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Index in the sentence.
    pub word: usize,
    /// Probability that it is a trigger of any type.
    pub some: f32,
    /// Numbers of types ([`super::Linguistics::types`]) with their probabilities, the likeliest first; tiny ones are left out.
    pub types: Vec<(usize, f32)>,
    /// For each word of the sentence, the probabilities that it fills each [`Role`]; empty for the least likely of very many.
    pub roles: Vec<[f32; ROLES]>,
}

impl Voice {
    /// Probability of a type.
    pub fn of(&self, number: usize) -> f32 {
        let mut types = self.types.iter();
        types.find(|(n, _)| *n == number).map_or(0.0, |(_, p)| *p)
    }

    /// Probability that a word of the sentence fills a role.
    pub fn fills(&self, word: usize, role: Role) -> f32 {
        self.roles.get(word).map_or(0.0, |odds| odds[role as usize])
    }
}
