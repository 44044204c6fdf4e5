//! The filter of harmful links, which Discord runs everywhere, direct messages included (discord/discord-api-docs#5327).
//! What it holds for harmful is not public; here it is what a test names.

/// The hosts that count as harmful.
#[derive(Debug, Default)]
pub struct HarmfulLinks {
    hosts: Vec<String>,
}

impl HarmfulLinks {
    /// Links to this host, and to what lies below it, are blocked from now on.
    pub fn add(&mut self, host: &str) {
        self.hosts.push(host.to_lowercase());
    }

    /// Whether a text has a link to one of the hosts.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let links = ["https://", "http://"]
            .iter()
            .flat_map(|scheme| text.split(scheme).skip(1));
        links
            .map(|rest| {
                let end = |letter: char| !letter.is_alphanumeric() && !"-.".contains(letter);
                rest.split(end).next().unwrap_or_default()
            })
            .any(|host| {
                self.hosts.iter().any(|bad| {
                    host == bad || host.strip_suffix(bad).is_some_and(|sub| sub.ends_with('.'))
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::HarmfulLinks;

    #[test]
    fn a_host_is_harmful_with_what_lies_below_it() {
        let mut links = HarmfulLinks::default();
        links.add("evil.example");
        assert!(links.holds("see https://Evil.example/x"));
        assert!(links.holds("(http://a.evil.example)"));
        assert!(!links.holds("https://notevil.example"));
        assert!(!links.holds("evil.example is a name, no link"));
    }
}
