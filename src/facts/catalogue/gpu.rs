//! GPUs, and the machine learning that uses them.

use super::{Kind, Known, fact};

pub(super) const FACTS: &[Known] = &[
    fact("gpu.count", Kind::Integer, "GPUs that the system knows"),
    fact("gpu.names", Kind::List, "their names"),
    fact("gpu.metal", Kind::Bool, "whether one of them supports Metal"),
    fact("gpu.nvidia", Kind::Bool, "whether one of them is driven by NVIDIA's driver"),
    fact("python.arch", Kind::Text, "the architecture that python3 was built for"),
    fact("mlx.version", Kind::Text, "the mlx package that python3 would import"),
    fact("mlx.backends", Kind::List, "the back ends installed beside it: cpu, metal, cuda"),
    fact("mlx.gpu", Kind::Bool, "whether one of those back ends can use a GPU"),
];
