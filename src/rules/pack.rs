//! Rules as one compact blob: the build makes it, the binary carries it.

use super::Rule;

/// The blob of these rules.
///
/// # Errors
/// Whatever the encoder says.
pub fn encode(rules: &[Rule]) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(rules)
}

/// The rules of a blob.
///
/// # Errors
/// The blob was not made by [`encode`] of the same version.
pub fn decode(blob: &[u8]) -> Result<Vec<Rule>, postcard::Error> {
    postcard::from_bytes(blob)
}
