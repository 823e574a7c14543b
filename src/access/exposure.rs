//! Where a server may listen: beyond loopback only when callers have to say who they are and nobody can listen in, or when
//! its owner says in so many words that it may all the same.

use std::net::IpAddr;

/// Why an address is not listened on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Exposed {
    #[error(
        "expected an address on loopback, found {0}: nobody has to say who they are; configure [auth] or [jwt], or allow it with --allow-unauthenticated"
    )]
    Unauthenticated(IpAddr),
    #[error(
        "expected an address on loopback, found {0}: news, events and tokens would travel unencrypted; configure [tls], or allow it with --allow-plaintext"
    )]
    Plaintext(IpAddr),
}

/// Checks an address to listen on.
pub fn check(
    address: IpAddr,
    server: &crate::config::Server,
    is_authenticated: bool,
    is_encrypted: bool,
) -> Result<(), Exposed> {
    if address.to_canonical().is_loopback() {
        return Ok(());
    }
    if !is_authenticated && !server.allow_unauthenticated {
        return Err(Exposed::Unauthenticated(address));
    }
    if !is_encrypted && !server.allow_plaintext {
        return Err(Exposed::Plaintext(address));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Server;

    #[test]
    fn other_addresses_than_loopback_need_both_or_a_word_for_each() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let shut = Server::default();
        for local in ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(check(address(local), &shut, false, false), Ok(()));
        }
        for remote in ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1"] {
            let remote = address(remote);
            assert_eq!(
                check(remote, &shut, false, true),
                Err(Exposed::Unauthenticated(remote))
            );
            assert_eq!(
                check(remote, &shut, true, false),
                Err(Exposed::Plaintext(remote))
            );
            assert_eq!(check(remote, &shut, true, true), Ok(()));
            let open = Server {
                allow_unauthenticated: true,
                ..Server::default()
            };
            assert_eq!(
                check(remote, &open, false, false),
                Err(Exposed::Plaintext(remote))
            );
            assert_eq!(check(remote, &open, false, true), Ok(()));
        }
    }
}
