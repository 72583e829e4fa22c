//! The MLX among a Python's packages.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::interpreter::Interpreter;
use crate::facts::Reading;

/// An installed MLX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mlx {
    pub(super) version: String,
    /// `cpu`, `metal`, `cuda`: what is installed beside it.
    pub(super) backends: Vec<String>,
    /// Where it is installed.
    pub(super) folder: PathBuf,
}

impl Mlx {
    /// Whether a back end that uses a GPU is among them.
    pub(super) fn uses_gpu(&self) -> bool {
        self.backends.iter().any(|backend| backend == "metal" || backend == "cuda")
    }
}

pub(super) fn mlx(context: &Context, interpreter: &Interpreter) -> Reading<Mlx> {
    let mut doubt = Reading::Absent;
    let mut found: Option<(String, PathBuf)> = None;
    let mut backends: Vec<String> = Vec::new();
    for folder in interpreter.package_folders(context) {
        let names = match context.machine().list(&folder) {
            Reading::Present(names) => names,
            Reading::Absent => continue,
            other => {
                doubt = other;
                continue;
            }
        };
        for (package, version) in names.iter().filter_map(|name| distribution(name)) {
            if package == "mlx" && found.is_none() {
                found = Some((version.to_owned(), folder.clone()));
            }
            if let Some(backend) = backend(&package)
                && !backends.iter().any(|known| known == backend)
            {
                backends.push(backend.to_owned());
            }
        }
    }
    let Some((version, folder)) = found else { return doubt.and_then(|_| Reading::Absent) };
    if backends.is_empty() {
        backends.extend(within(context, &folder).map(str::to_owned));
    }
    backends.sort_by_key(|backend| ["cpu", "metal", "cuda"].iter().position(|known| known == backend));
    Reading::Present(Mlx { version, backends, folder })
}

/// The back end that a package of MLX's brings.
fn backend(package: &str) -> Option<&'static str> {
    match package {
        "mlx_cpu" => Some("cpu"),
        "mlx_metal" => Some("metal"),
        "mlx_cuda" => Some("cuda"),
        other => other.starts_with("mlx_cuda_").then_some("cuda"),
    }
}

/// The back end of an MLX that brings its own, as those before 0.27 and those built from source do.
fn within(context: &Context, folder: &Path) -> Option<&'static str> {
    let names = context.machine().list(&folder.join("mlx/lib")).present()?;
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("mlx.metallib") {
        Some("metal")
    } else {
        (has("libmlx.so") || has("libmlx.dylib") || has("libmlx.a")).then_some("cpu")
    }
}

/// A package's name and version, from the name of the folder with its description.
fn distribution(name: &str) -> Option<(String, &str)> {
    let (package, version) = name.strip_suffix(".dist-info")?.split_once('-')?;
    let package = package.to_lowercase().replace(['.', '-'], "_");
    (!package.is_empty() && version.starts_with(|c: char| c.is_ascii_digit())).then_some((package, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_of_packages() {
        assert_eq!(distribution("mlx-0.32.4.dist-info"), Some(("mlx".to_owned(), "0.32.4")));
        assert_eq!(distribution("MLX.Metal-0.29.0.dist-info"), Some(("mlx_metal".to_owned(), "0.29.0")));
        for none in ["mlx", "mlx_cpu.libs", ".dist-info", "-1.dist-info", "mlx-.dist-info"] {
            assert_eq!(distribution(none), None, "{none}");
        }
        assert_eq!(backend("mlx_cuda_13"), Some("cuda"));
        assert_eq!(backend("mlx_lm"), None);
    }
}
