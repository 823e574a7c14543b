//! Compiles the protocol (no protoc needed) and lists the files that travel inside the binary.

use std::{env, fs, path::Path, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    protocol(&out)?;
    embedded(&out)?;
    Ok(())
}

/// Generates messages, services and their ProtoJSON, and writes the descriptor set with comments for reflection.
fn protocol(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let mut files: Vec<PathBuf> = fs::read_dir("proto/sitrep/v1")?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|f| f.extension().is_some_and(|e| e == "proto"));
    files.sort();
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler
        .include_source_info(true)
        .include_imports(true)
        .open_files(&files)?;
    let set = compiler.file_descriptor_set();
    let bytes = compiler.encode_file_descriptor_set();
    fs::write(out.join("sitrep_descriptor.bin"), &bytes)?;

    let mut config = prost_build::Config::new();
    // Well-known types come from pbjson, which can write them as JSON.
    config.extern_path(".google.protobuf", "::pbjson_types");
    config.compile_well_known_types();
    tonic_prost_build::configure().compile_fds_with_config(set, config)?;
    pbjson_build::Builder::new()
        .register_descriptors(&bytes)?
        .build(&[".sitrep.v1"])?;
    Ok(())
}

/// Lists every file under `lexicon/`, `models/` and `samples/`, so that the binary carries them.
fn embedded(out: &Path) -> std::io::Result<()> {
    let mut listing = String::new();
    for (name, root) in [
        ("LEXICON", "lexicon"),
        ("MODELS", "models"),
        ("SAMPLES", "samples"),
    ] {
        println!("cargo::rerun-if-changed={root}");
        let mut files = Vec::new();
        if Path::new(root).is_dir() {
            collect(Path::new(root), &mut files)?;
        }
        files.sort();
        listing.push_str(&format!(
            "/// Files under `{root}/`, by path in it.\npub static {name}: &[(&str, &[u8])] = &[\n"
        ));
        for file in files {
            let inside = file.strip_prefix(root).expect("it was found there");
            let inside = inside.to_string_lossy().replace('\\', "/");
            let path = fs::canonicalize(&file)?;
            listing.push_str(&format!("    ({inside:?}, include_bytes!({path:?})),\n"));
        }
        listing.push_str("];\n");
    }
    fs::write(out.join("embedded.rs"), listing)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| {
            ["toml", "tsv", "jsonl", "bin", "safetensors"]
                .iter()
                .any(|x| e == *x)
        }) {
            files.push(path);
        }
    }
    Ok(())
}
