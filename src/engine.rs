//! normalise … resolve as one pure function.
