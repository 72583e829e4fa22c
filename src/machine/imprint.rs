//! What stands at a path, so that two looks at it can be compared.

use std::path::PathBuf;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What stands at a path, so that two looks at it can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imprint {
    /// A file.
    File {
        /// SHA-256 of its content, in hexadecimal digits.
        sha256: String,
        /// Its length.
        bytes: u64,
    },
    /// A folder.
    Folder {
        /// SHA-256 of the names, kinds, modes, lengths and times of all that is in it, in hexadecimal digits.
        sha256: String,
        /// The lengths of its files.
        bytes: u64,
    },
    /// A link, and where it leads.
    Link(PathBuf),
    /// A socket, a pipe or a device.
    Other,
}

impl Imprint {
    /// Of a file with this content.
    pub fn of(content: &[u8]) -> Self {
        Imprint::File { sha256: HEXLOWER.encode(&Sha256::digest(content)), bytes: content.len() as u64 }
    }

    /// How many bytes of content there are.
    pub fn bytes(&self) -> u64 {
        match self {
            Imprint::File { bytes, .. } | Imprint::Folder { bytes, .. } => *bytes,
            Imprint::Link(_) | Imprint::Other => 0,
        }
    }
}
