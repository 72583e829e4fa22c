//! The files in which direnv keeps what somebody allowed or refused.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The name of the file with the consent to load `file` with just this content.
pub fn consent(file: &str, content: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{file}\n{content}")))
}

/// The name of the file with the refusal to load `file`, whatever it holds.
pub fn refusal(file: &str) -> String {
    consent(file, "")
}
