//! Where Mix keeps what it installs for the user.

use std::path::PathBuf;

use super::super::Context;

/// Mix's own folder.
pub(in crate::probes) fn mix_home(context: &Context) -> Option<PathBuf> {
    let folder = |name: &str| set(context, name).map(PathBuf::from);
    folder("MIX_HOME").or_else(|| match set(context, "MIX_XDG").as_deref() {
        Some("1" | "true") => folder("XDG_DATA_HOME")
            .or_else(|| Some(context.home()?.join(".local/share")))
            .map(|it| it.join("mix")),
        _ => Some(context.home()?.join(".mix")),
    })
}

/// The folder in which Mix looks for archives. Only one of them counts.
pub(in crate::probes) fn archives(context: &Context) -> Option<PathBuf> {
    let named = set(context, "MIX_ARCHIVES").map(PathBuf::from);
    named.or_else(|| Some(mix_home(context)?.join("archives")))
}

fn set(context: &Context, name: &str) -> Option<String> {
    context.machine().env(name).present().filter(|value| !value.is_empty())
}
