//! What a `flake.lock` pins.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::located::is_large;

/// The versions of the format that Nix reads and that say the same.
const VERSIONS: std::ops::RangeInclusive<u64> = 5..=7;

/// A lock file that cannot be understood.
#[derive(Debug, Error)]
pub enum LockError {
    /// It is no JSON, as where a merge left its marks, or not of this kind.
    #[error("{0}")]
    Invalid(#[from] serde_json::Error),
    /// Another version of the format.
    #[error("it is of version {0}, which is not known here")]
    Version(u64),
    /// It takes too much to read it.
    #[error("the file is too large to be read")]
    TooMuch,
}

/// A lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlakeLock {
    /// The inputs of the project's own flake, by name.
    pub inputs: BTreeMap<String, LockedInput>,
}

/// A pinned input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedInput {
    /// The input that it is the same as, such as `nixpkgs` or `home-manager/nixpkgs`.
    pub follows: Option<String>,
    /// What was asked for, as a url of the common kinds: `github:NixOS/nixpkgs/nixos-24.05`.
    pub asked: Option<String>,
    /// When what is pinned was changed, in seconds since 1970.
    pub modified: Option<u64>,
    /// The commit.
    pub revision: Option<String>,
}

#[derive(Deserialize)]
struct Written {
    version: u64,
    #[serde(default)]
    nodes: BTreeMap<String, Node>,
    #[serde(default)]
    root: String,
}

#[derive(Deserialize)]
struct Node {
    #[serde(default)]
    inputs: BTreeMap<String, Target>,
    locked: Option<Locked>,
    original: Option<Original>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    Node(String),
    Follows(Vec<String>),
}

#[derive(Deserialize)]
struct Locked {
    #[serde(rename = "lastModified")]
    modified: Option<u64>,
    rev: Option<String>,
}

#[derive(Deserialize)]
struct Original {
    #[serde(rename = "type")]
    kind: String,
    owner: Option<String>,
    repo: Option<String>,
    id: Option<String>,
    #[serde(rename = "ref")]
    branch: Option<String>,
    rev: Option<String>,
    url: Option<String>,
    dir: Option<String>,
}

/// Reads a `flake.lock`.
///
/// # Errors
/// It is no lock file of a known version, or too much of it.
pub fn parse_flake_lock(text: &str) -> Result<FlakeLock, LockError> {
    if is_large(text) {
        return Err(LockError::TooMuch);
    }
    let written: Written = serde_json::from_str(text)?;
    if !VERSIONS.contains(&written.version) {
        return Err(LockError::Version(written.version));
    }
    let root = written.nodes.get(&written.root);
    let inputs = root.into_iter().flat_map(|root| &root.inputs).map(|(name, target)| {
        let input = match target {
            Target::Follows(path) => LockedInput { follows: Some(path.join("/")), ..LockedInput::default() },
            Target::Node(node) => written.nodes.get(node).map(LockedInput::of).unwrap_or_default(),
        };
        (name.clone(), input)
    });
    Ok(FlakeLock { inputs: inputs.collect() })
}

impl LockedInput {
    fn of(node: &Node) -> Self {
        LockedInput {
            follows: None,
            asked: node.original.as_ref().and_then(Original::url),
            modified: node.locked.as_ref().and_then(|locked| locked.modified),
            revision: node.locked.as_ref().and_then(|locked| locked.rev.clone()),
        }
    }
}

impl Original {
    /// The url that says the same, of the kinds that are written in one way only.
    fn url(&self) -> Option<String> {
        if self.dir.is_some() {
            return None;
        }
        let rest = [&self.branch, &self.rev]
            .into_iter()
            .flatten()
            .map(|part| format!("/{part}"))
            .collect::<String>();
        match &*self.kind {
            "github" | "gitlab" | "sourcehut" => {
                Some(format!("{}:{}/{}{rest}", self.kind, self.owner.as_ref()?, self.repo.as_ref()?))
            }
            "indirect" => Some(format!("{}{rest}", self.id.as_ref()?)),
            "tarball" => self.url.clone(),
            _ => None,
        }
    }
}

/// Whether two urls of inputs may mean the same; what is written in several ways is taken to.
pub fn same_input(declared: &str, locked: &str) -> bool {
    match (simple(declared), simple(locked)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// A url that is written in one way only, and what does not tell apart taken out of it.
fn simple(url: &str) -> Option<String> {
    let url = url.strip_prefix("flake:").unwrap_or(url).trim_end_matches('/');
    let plain = !url.contains(['?', '#', '%']);
    let named = !url.contains([':', '.']) || url.starts_with("nixpkgs/");
    (plain && (named || ["github:", "gitlab:"].iter().any(|kind| url.starts_with(kind))))
        .then(|| url.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{"nodes": {
      "flake-utils": {"inputs": {"systems": "systems"}, "locked": {"lastModified": 1731533236, "narHash": "sha256-x", "owner": "numtide", "repo": "flake-utils", "rev": "11707dc2f618dd54ca8739b309ec4fc024de578b", "type": "github"}, "original": {"owner": "numtide", "repo": "flake-utils", "type": "github"}},
      "nixpkgs": {"locked": {"lastModified": 1735563628, "owner": "NixOS", "repo": "nixpkgs", "rev": "b134951a4c9f3c995fd7be05f3243f8ecd65d798", "type": "github"}, "original": {"owner": "NixOS", "ref": "nixos-24.05", "repo": "nixpkgs", "type": "github"}},
      "root": {"inputs": {"flake-utils": "flake-utils", "nixpkgs": "nixpkgs", "same": ["nixpkgs"]}},
      "systems": {"locked": {"lastModified": 1681028828, "type": "github"}, "original": {"id": "systems", "type": "indirect"}}
    }, "root": "root", "version": 7}"#;

    #[test]
    fn the_projects_own_inputs_are_read() {
        let lock = parse_flake_lock(LOCK).unwrap();
        assert_eq!(lock.inputs.keys().collect::<Vec<_>>(), ["flake-utils", "nixpkgs", "same"]);
        let nixpkgs = &lock.inputs["nixpkgs"];
        assert_eq!(nixpkgs.asked.as_deref(), Some("github:NixOS/nixpkgs/nixos-24.05"));
        assert_eq!(nixpkgs.modified, Some(1_735_563_628));
        assert_eq!(lock.inputs["same"].follows.as_deref(), Some("nixpkgs"));
    }

    #[test]
    fn what_is_no_lock_file_is_an_error() {
        assert!(matches!(parse_flake_lock("<<<<<<< HEAD\n{}"), Err(LockError::Invalid(_))));
        assert!(matches!(
            parse_flake_lock(r#"{"version": 8, "nodes": {}, "root": "root"}"#),
            Err(LockError::Version(8))
        ));
        assert!(matches!(parse_flake_lock(&"[".repeat(500_000)), Err(LockError::Invalid(_))));
        assert!(matches!(parse_flake_lock(&" ".repeat(2 << 20)), Err(LockError::TooMuch)));
        assert_eq!(
            parse_flake_lock(r#"{"version": 7, "nodes": {"root": {}}, "root": "root"}"#).unwrap(),
            FlakeLock::default()
        );
    }

    #[test]
    fn urls_that_mean_the_same() {
        assert!(same_input("github:NixOS/nixpkgs/nixos-24.05", "github:nixos/nixpkgs/nixos-24.05"));
        assert!(!same_input("github:NixOS/nixpkgs/nixos-24.11", "github:NixOS/nixpkgs/nixos-24.05"));
        assert!(!same_input("github:NixOS/nixpkgs", "github:NixOS/nixpkgs/nixos-24.05"));
        assert!(same_input("nixpkgs", "flake:nixpkgs"));
        assert!(!same_input("nixpkgs/nixos-24.05", "nixpkgs"));
        // Written in more than one way, so not compared.
        assert!(same_input("github:NixOS/nixpkgs?ref=nixos-24.05", "github:NixOS/nixpkgs/nixos-24.11"));
        assert!(same_input("path:./x", "github:NixOS/nixpkgs"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(from in 0..LOCK.len(), to in 0..LOCK.len()) {
            let part = LOCK.get(from.min(to)..from.max(to)).unwrap_or_default();
            let _ = parse_flake_lock(&LOCK.replacen(part, "", 1));
            let _ = parse_flake_lock(part);
        }
    }
}
