//! The packages that a Python would import.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::interpreter::Interpreter;
use crate::facts::Reading;
use crate::probes::Context;

/// The packages of a Python, by name: lower case, with `-` between the words.
#[derive(Clone, Debug)]
pub(super) struct Packages {
    found: BTreeMap<String, Package>,
    /// Why there may be more, if a folder could not be looked into.
    doubt: Option<Reading<()>>,
}

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) version: String,
    /// The folder that it is imported from.
    pub(super) folder: PathBuf,
    /// The folder with its description.
    pub(super) description: PathBuf,
}

impl Packages {
    pub(super) fn of(context: &Context, interpreter: &Interpreter) -> Packages {
        let mut packages = Packages { found: BTreeMap::new(), doubt: None };
        for folder in interpreter.package_folders(context) {
            let names = match context.machine().list(&folder) {
                Reading::Present(names) => names,
                Reading::Absent => continue,
                other => {
                    packages.doubt = Some(other.map(|_| ()));
                    continue;
                }
            };
            for directory in names {
                if let Some((name, version)) = distribution(&directory) {
                    // Of two folders the first one is imported from.
                    packages.found.entry(name).or_insert_with(|| Package {
                        version: version.to_owned(),
                        folder: folder.clone(),
                        description: folder.join(&directory),
                    });
                }
            }
        }
        packages
    }

    /// The package of that name.
    pub(super) fn get(&self, name: &str) -> Reading<&Package> {
        match (self.found.get(name), &self.doubt) {
            (Some(package), _) => Reading::Present(package),
            (None, None) => Reading::Absent,
            (None, Some(doubt)) => doubt.clone().and_then(|()| Reading::Absent),
        }
    }

    /// Those that were found, with their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Package)> {
        self.found.iter().map(|(name, package)| (name.as_str(), package))
    }
}

/// A package's name and version, from the name of the folder with its description.
fn distribution(name: &str) -> Option<(String, &str)> {
    let (package, version) = name.strip_suffix(".dist-info")?.split_once('-')?;
    let package = package.to_lowercase().replace(['.', '_'], "-");
    (!package.is_empty() && version.starts_with(|c: char| c.is_ascii_digit())).then_some((package, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_of_packages() {
        assert_eq!(distribution("mlx-0.32.4.dist-info"), Some(("mlx".to_owned(), "0.32.4")));
        assert_eq!(distribution("MLX.Metal-0.29.0.dist-info"), Some(("mlx-metal".to_owned(), "0.29.0")));
        assert_eq!(distribution("torch-2.5.1+cu124.dist-info"), Some(("torch".to_owned(), "2.5.1+cu124")));
        for none in ["mlx", "mlx_cpu.libs", ".dist-info", "-1.dist-info", "mlx-.dist-info"] {
            assert_eq!(distribution(none), None, "{none}");
        }
    }
}
