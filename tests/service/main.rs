//! The service as its clients see it: a real client, a real server.

mod analysis;
mod edge;
mod errors;
mod feed;
mod house;
mod intake;
mod limits;
mod lists;
mod real;
mod shutdown;
