//! The parties of an event, role by role, with the words that name them.

use crate::linguistics::news::Role;
use crate::model::Actor;

/// The parties of one event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parties {
    pub initiators: Vec<Actor>,
    pub targets: Vec<Actor>,
    pub participants: Vec<Actor>,
    /// Head tokens of those that were taken, and how many of them, from the first, are the initiators'.
    pub tokens: Vec<usize>,
    initiating: usize,
}

impl Parties {
    fn list(&mut self, role: Role) -> &mut Vec<Actor> {
        match role {
            Role::Initiator => &mut self.initiators,
            Role::Target => &mut self.targets,
            _ => &mut self.participants,
        }
    }

    /// Head tokens of the parties of a role.
    pub fn tokens_of(&self, role: Role) -> &[usize] {
        match role {
            Role::Initiator => &self.tokens[..self.initiating],
            Role::Target => &self.tokens[self.initiating..],
            _ => &self.tokens,
        }
    }

    /// Takes out the parties of a role.
    pub fn clear(&mut self, role: Role) {
        self.list(role).clear();
        let initiating = self.initiating;
        match role {
            Role::Initiator => {
                self.tokens.drain(..initiating);
                self.initiating = 0;
            }
            Role::Target => self.tokens.truncate(initiating),
            _ => self.tokens.clear(),
        }
    }

    /// Adds a party, unless the role has it already.
    pub fn add(&mut self, role: Role, actor: Actor, token: usize) {
        push(self.list(role), actor);
        if role == Role::Initiator {
            self.tokens.insert(self.initiating, token);
            self.initiating += 1;
        } else {
            self.tokens.push(token);
        }
    }

    /// Nobody acts on himself.
    pub fn sort_out(&mut self) {
        let initiators = &self.initiators;
        let acts = |t: &Actor| initiators.iter().any(|i| !i.id.is_empty() && i.id == t.id);
        self.targets.retain(|t| !acts(t));
    }

    /// Who was taken for the doer is on whom it was done.
    pub fn turn(&mut self) {
        self.targets = std::mem::take(&mut self.initiators);
        self.initiating = 0;
    }

    /// What was taken so far are the initiators' words.
    pub fn end_of_initiators(&mut self) {
        self.initiating = self.tokens.len();
    }
}

/// Adds an actor, unless it is there.
pub fn push(list: &mut Vec<Actor>, actor: Actor) {
    let known = list.iter().any(|o| {
        if actor.id.is_empty() {
            o.name == actor.name
        } else {
            o.id == actor.id
        }
    });
    if !known {
        list.push(actor);
    }
}
