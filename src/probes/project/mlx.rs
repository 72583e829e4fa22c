//! How many GPUs the project's own files ask for, in the variables that its convention has for MLX.

use super::super::{Context, Probe};
use super::nix_file::File;
use crate::facts::{Facts, Place, Reading, Value};
use crate::project::{Export, parse_dotenv, parse_envrc, parse_nix};

pub(super) const PROBE: Probe = Probe {
    name: "MLX's settings in files",
    yields: &["project.mlx.max_gpus", "project.mlx.tensor_parallel"],
    usual: &[],
    apart: false,
    run,
};

const VARIABLES: &[(&str, &str)] =
    &[("project.mlx.max_gpus", "MLX_MAX_GPUS"), ("project.mlx.tensor_parallel", "MLX_TENSOR_PARALLEL")];

type Parser = fn(&str) -> Option<Vec<Export>>;

/// The files that set variables of a shell.
const FILES: &[(&str, Parser)] = &[
    (".env", parse_dotenv),
    (".envrc", |text| Some(parse_envrc(text)?.exports)),
    ("flake.nix", |text| Some(parse_nix(text).ok()?.exports)),
    ("shell.nix", |text| Some(parse_nix(text).ok()?.exports)),
];

fn run(context: &Context) -> Facts {
    let mut found: Vec<(String, i64, Place)> = Vec::new();
    for (name, parse) in FILES {
        let Reading::Present(file) = File::read(context, name) else { continue };
        if !VARIABLES.iter().any(|(_, variable)| file.text.contains(variable)) {
            continue;
        }
        for export in parse(&file.text).unwrap_or_default() {
            if let Some(number) = export.value.as_deref().and_then(|value| value.parse().ok()) {
                found.push((export.name, number, file.place(export.offset)));
            }
        }
    }
    let mut facts = Facts::default();
    for (fact, variable) in VARIABLES {
        let largest = found.iter().filter(|(name, ..)| name == variable).max_by_key(|(_, number, _)| *number);
        let (value, place) =
            largest.map(|(_, number, place)| (Value::Integer(*number), place.clone())).unzip();
        let source = place.as_ref().map_or("the project's files", |place| place.file.as_str()).to_owned();
        facts.add_at(*fact, value.into(), source, place.into_iter().collect());
    }
    facts
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::{facts_of as run, shown_with_places as shown};

    #[test]
    fn the_largest_number_counts() {
        let facts = run(
            &super::PROBE,
            "files:\n  /p/.env: 'MLX_MAX_GPUS=2'\n  /p/.envrc: \"# MLX_MAX_GPUS=9\\nexport MLX_MAX_GPUS='5'\\n\"\n  \
             /p/flake.nix: \"{ shellHook = ''\\n  export MLX_TENSOR_PARALLEL=4\\n''; }\"\n  /p/shell.nix: '{ MLX_MAX_GPUS = '\n",
        );
        assert_eq!(shown(&facts, "project.mlx.max_gpus"), "5 @ .envrc:2:8");
        assert_eq!(shown(&facts, "project.mlx.tensor_parallel"), "4 @ flake.nix:2:10");
        let none = run(&super::PROBE, "files: {/p/.envrc: 'export MLX_MAX_GPUS=$N'}");
        assert_eq!(shown(&none, "project.mlx.max_gpus"), "-");
    }
}
