//! What the flake nixpkgs has itself.

/// The attributes of the flake: its outputs (nixpkgs' `flake.nix`), and what every flake has.
const ATTRIBUTES: &[&str] = &[
    "_type",
    "checks",
    "devShells",
    "dirtyRev",
    "dirtyShortRev",
    "formatter",
    "htmlDocs",
    "inputs",
    "lastModified",
    "lastModifiedDate",
    "legacyPackages",
    "lib",
    "narHash",
    "nixosModules",
    "outPath",
    "outputs",
    "rev",
    "revCount",
    "shortRev",
    "sourceInfo",
    "submodules",
];

/// Whether the flake nixpkgs has an attribute of that name. Packages are below `legacyPackages`.
pub(super) fn has(name: &str) -> bool {
    ATTRIBUTES.contains(&name)
}
