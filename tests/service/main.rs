//! The service as its clients see it: a real client, a real server.

mod access;
mod analysis;
mod edge;
mod encryption;
mod errors;
mod feed;
mod fort;
mod house;
mod intake;
mod issuer;
mod limits;
mod lists;
mod metrics;
mod quotas;
mod real;
mod shutdown;
mod traces;
