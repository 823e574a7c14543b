//! Page tokens: where the next page begins, and of which request.

use crate::wire::Invalid;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prost::Message;

/// Where a page of events begins.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Place {
    #[prost(sint64, tag = "1")]
    pub time: i64,
    #[prost(string, tag = "2")]
    pub id: String,
    /// Number of things before the page, where that is how they are counted.
    #[prost(uint64, tag = "3")]
    pub skip: u64,
    /// Checksum of the request without its page: a token is good for one request only.
    #[prost(fixed32, tag = "4")]
    pub request: u32,
}

/// The checksum of a request whose page fields have been cleared.
pub fn checksum(request: &impl Message) -> u32 {
    crc32c::crc32c(&request.encode_to_vec())
}

impl Place {
    /// As clients see it.
    pub fn token(&self) -> String {
        let mut bytes = self.encode_to_vec();
        bytes.extend(crc32c::crc32c(&bytes).to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token; none of an empty one.
    pub fn read(token: &str, request: u32) -> Result<Option<Place>, Invalid> {
        if token.is_empty() {
            return Ok(None);
        }
        let garbage = || {
            Invalid::one(
                "page_token",
                "expected the next_page_token of a page, found something else",
            )
        };
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| garbage())?;
        let (content, check) = bytes.split_last_chunk::<4>().ok_or_else(garbage)?;
        if crc32c::crc32c(content).to_be_bytes() != *check {
            return Err(garbage());
        }
        let place = Place::decode(content).map_err(|_| garbage())?;
        if place.request != request {
            return Err(Invalid::one(
                "page_token",
                "expected the token of this request, found one of a request with other fields",
            ));
        }
        Ok(Some(place))
    }
}

/// The size of a page: `default` when 0 was asked for.
pub fn size(asked: u32, default: u32, most: u32) -> Result<usize, Invalid> {
    if asked > most {
        let description = format!("expected at most {most}, found {asked}");
        return Err(Invalid::one("page_size", description));
    }
    Ok(if asked == 0 { default } else { asked } as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_request_only() {
        let place = Place {
            time: -5,
            id: "event".into(),
            skip: 3,
            request: 77,
        };
        assert_eq!(
            Place::read(&place.token(), 77).unwrap(),
            Some(place.clone())
        );
        assert_eq!(Place::read("", 77).unwrap(), None);
        for (token, request) in [(place.token().as_str(), 78), ("garbage", 77), ("AA", 77)] {
            let refused = Place::read(token, request).unwrap_err();
            assert_eq!(refused.violations[0].field, "page_token");
        }
    }
}
