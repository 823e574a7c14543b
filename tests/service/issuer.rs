//! Somebody who issues tokens: keys, a key set, signatures.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PublicKeyData, RsaKeySize};
use serde_json::{Value, json};

/// One key of an issuer.
pub struct Key {
    pub id: String,
    algorithm: Algorithm,
    signing: EncodingKey,
    public: Value,
}

impl Key {
    pub fn new(id: &str, algorithm: Algorithm) -> Key {
        let (signing, mut public) = match algorithm {
            Algorithm::RS256 => {
                let pair = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048);
                // The key proper (PKCS #1) stands behind 26 bytes that say what it is (PKCS #8).
                let signing = EncodingKey::from_rsa_der(&pair.unwrap().serialize_der()[26..]);
                let public = Jwk::from_encoding_key(&signing, algorithm).unwrap();
                (signing, serde_json::to_value(public).unwrap())
            }
            Algorithm::ES256 => {
                let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
                let point = pair.der_bytes();
                let (x, y) = (encoded(&point[1..33]), encoded(&point[33..65]));
                let public = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
                (EncodingKey::from_ec_der(&pair.serialize_der()), public)
            }
            Algorithm::EdDSA => {
                let pair = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
                let public =
                    json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(pair.der_bytes())});
                (EncodingKey::from_ed_der(&pair.serialize_der()), public)
            }
            other => panic!("no keys for {other:?}"),
        };
        public["kid"] = id.into();
        public["use"] = "sig".into();
        Key {
            id: id.to_owned(),
            algorithm,
            signing,
            public,
        }
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let header = Header {
            kid: Some(self.id.clone()),
            ..Header::new(self.algorithm)
        };
        encode(&header, claims, &self.signing).unwrap()
    }
}

/// The public halves, as an issuer publishes them.
pub fn published(keys: &[&Key]) -> String {
    let keys: Vec<_> = keys.iter().map(|k| k.public.clone()).collect();
    json!({"keys": keys}).to_string()
}

/// Claims that are good, but for what a test makes of them.
pub fn claims(scope: &str) -> Value {
    let now = jiff::Timestamp::now().as_second();
    json!({
        "iss": "https://issuer.example",
        "aud": "sitrep",
        "sub": "desk",
        "exp": now + 600,
        "scope": scope,
    })
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
