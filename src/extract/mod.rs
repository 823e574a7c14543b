//! From trees to candidate events: triggers, frames, arguments, quantities, attribution, factuality.

pub mod argument;
pub mod attribution;
pub mod circumstance;
pub mod context;
pub mod event;
pub mod factuality;
pub mod fold;
pub mod gate;
pub mod heard;
pub mod judge;
pub mod judgement;
pub mod naming;
pub mod number;
pub mod parties;
pub mod quantity;
pub mod scene;
pub mod sides;
pub mod toll;
pub mod trigger;
