//! The MLX among a Python's packages.

use std::path::PathBuf;

use super::packages::{Package, Packages};
use super::wheel;
use crate::facts::Reading;
use crate::probes::Context;

/// An installed MLX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mlx {
    pub(super) version: String,
    /// `cpu`, `metal`, `cuda`: what is installed beside it.
    pub(super) backends: Vec<String>,
    /// `12` or `13`: the version of CUDA that its back end was built for.
    pub(super) cuda: Option<String>,
    /// The package with the library.
    back_end: Package,
    /// Where it is installed.
    pub(super) folder: PathBuf,
}

impl Mlx {
    pub(super) fn of(context: &Context, packages: &Packages) -> Reading<Mlx> {
        packages.get("mlx").map(|mlx| {
            let mut backends: Vec<String> = Vec::new();
            let (mut cuda, mut back_end) = (None, mlx.clone());
            for (name, package) in packages.all() {
                let Some(backend) = backend(name) else { continue };
                if !backends.iter().any(|known| known == backend) {
                    backends.push(backend.to_owned());
                }
                back_end = package.clone();
                cuda = cuda.or_else(|| name.strip_prefix("mlx-cuda-").map(str::to_owned));
            }
            if backends.is_empty() {
                backends.extend(within(context, mlx).map(str::to_owned));
            }
            backends
                .sort_by_key(|backend| ["cpu", "metal", "cuda"].iter().position(|known| known == backend));
            Mlx { version: mlx.version.clone(), backends, cuda, back_end, folder: mlx.folder.clone() }
        })
    }

    /// Whether a back end that uses a GPU is among them.
    pub(super) fn uses_gpu(&self) -> bool {
        self.backends.iter().any(|backend| backend == "metal" || backend == "cuda")
    }

    /// The versions of macOS that its library was built for, as a requirement.
    pub(super) fn macos(&self, context: &Context) -> Option<String> {
        let platforms = wheel::platforms(context, &self.back_end);
        let (major, minor) = platforms.iter().filter_map(|platform| wheel::macos(platform)).min()?;
        Some(format!(">= {major}.{minor}.0"))
    }
}

/// The back end that a package of MLX's brings.
pub(super) fn backend(package: &str) -> Option<&'static str> {
    match package {
        "mlx-cpu" => Some("cpu"),
        "mlx-metal" => Some("metal"),
        "mlx-cuda" => Some("cuda"),
        other => other.starts_with("mlx-cuda-").then_some("cuda"),
    }
}

/// The back end of an MLX that brings its own, as those before 0.27 and those built from source do.
fn within(context: &Context, mlx: &Package) -> Option<&'static str> {
    let names = context.machine().list(&mlx.folder.join("mlx/lib")).present()?;
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("mlx.metallib") {
        Some("metal")
    } else {
        (has("libmlx.so") || has("libmlx.dylib") || has("libmlx.a")).then_some("cpu")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_that_are_back_ends() {
        assert_eq!(backend("mlx-cuda-13"), Some("cuda"));
        assert_eq!(backend("mlx-metal"), Some("metal"));
        assert_eq!(backend("mlx-lm"), None);
    }
}
