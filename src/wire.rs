//! The generated protocol, and the way between it and the model.

/// Generated messages and services of `sitrep.v1`.
#[allow(clippy::all, clippy::pedantic, missing_docs)]
pub mod v1 {
    tonic::include_proto!("sitrep.v1");
    include!(concat!(env!("OUT_DIR"), "/sitrep.v1.serde.rs"));
}

/// The descriptor set of `sitrep.v1` with comments, for reflection.
pub const DESCRIPTOR_SET: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/sitrep_descriptor.bin"));
