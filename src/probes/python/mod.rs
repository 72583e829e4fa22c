//! The Python that would run here, and the MLX that it would import.

mod architecture;
mod interpreter;
mod packages;
mod pyvenv;

use super::tools::locate;
use super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};

use interpreter::Interpreter;
use packages::Mlx;
pub(super) use pyvenv::environment_version;

pub(super) const PROBE: Probe = Probe {
    name: "python",
    yields: &["python.arch", "mlx.version", "mlx.backends", "mlx.gpu"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let located = locate(context, "python3");
    let source = match &located.path {
        Reading::Present(path) => path.to_string_lossy().into_owned(),
        _ => "PATH".to_owned(),
    };
    let interpreter =
        located.program.and_then(|program| located.real.map(|real| Interpreter::new(context, program, real)));
    if context.wants("python.arch") {
        let architecture = interpreter.clone().and_then(|it| architecture::of(context, &it));
        facts.add("python.arch", architecture.map(Value::from), source.clone());
    }
    let mlx = interpreter.and_then(|it| packages::mlx(context, &it));
    let source = match &mlx {
        Reading::Present(mlx) => mlx.folder.to_string_lossy().into_owned(),
        _ => source,
    };
    let mut add = |name: &str, value: fn(Mlx) -> Value| {
        facts.add(name, mlx.clone().map(value), source.clone());
    };
    add("mlx.version", |mlx| mlx.version.into());
    add("mlx.gpu", |mlx| mlx.uses_gpu().into());
    add("mlx.backends", |mlx| mlx.backends.into());
    facts
}
