//! What may be read elsewhere because people have said so: a thread reads the channel above where its server says so, and
//! a person's profile brings facts about them, while they speak, from channels of the same server that everybody can
//! read. Everything else that stands in a prompt and was not said there has crossed.

use std::collections::BTreeMap;

use ::memory::Consent;
use anyhow::{Context as _, ensure};
use discord_sim::actor::{Channel, Person};
use model_sim::{ModelSim, Reply};
use store::id::ChannelId;
use twilight_model::guild::Permissions;

use super::super::chatter::Chatter;
use super::super::hearth::Hearth;
use super::READ_EVERY;
use super::places::{Place, Source, scope};

/// Servers: whether their threads read the channel above, and whether somebody has a profile there.
const SERVERS: [(bool, bool); 3] = [(true, true), (true, false), (false, true)];
/// Channels of a server that everybody can read, with threads in each; one more is closed, with one thread.
const OPEN: u64 = 2;
const THREADS: u64 = 2;
/// Sets these secrets apart from those of the other places.
const FIRST: u64 = 1_000;

/// A place, and what has been said about reading elsewhere from there.
struct Room {
    place: Place,
    /// The channel above, of a thread.
    above: Option<ChannelId>,
    /// Whether threads of this server read the channel above.
    threads_read: bool,
    /// Whether everybody can read it.
    is_open: bool,
    /// Whether the place's person has a profile in this server; the other person never has.
    has_profile: bool,
}

/// Somebody who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asker {
    /// The one whom `Source::Fact` is about.
    Person,
    /// The one whom `Source::Other` is about.
    Other,
}

/// Why something may stand in a prompt.
#[derive(PartialEq, Eq)]
enum Grounds {
    SaidHere,
    SaidAbove,
    Profile,
}

/// Prompts of one kind, and those of them that held what only the channel above knew, words of it, or a profile's facts.
#[derive(Default)]
struct Tried {
    prompts: usize,
    above: usize,
    words: usize,
    profile: usize,
}

/// Asks everywhere for everything, prints, and says whether nothing crossed.
pub async fn pull(hearth: &Hearth, model: &ModelSim, prompts: usize) -> anyhow::Result<bool> {
    // What a persona says aloud in a channel is known there, so this one gives nothing away: what stands in a prompt was read.
    model.always(|_| Reply::text("Aye."));
    let rooms = build(hearth).await?;
    while hearth.memory().read_some().await? > 0 {}
    let askings: Vec<(&Room, Asker)> = rooms
        .iter()
        .flat_map(|room| {
            let other = room.place.guild.is_some().then_some((room, Asker::Other));
            [(room, Asker::Person)].into_iter().chain(other)
        })
        .collect();
    let mut tried: BTreeMap<(&str, &str), Tried> = BTreeMap::new();
    let mut crossings = 0;
    for n in 0..prompts {
        let round = n / askings.len();
        let (here, asker) = askings[n % askings.len()];
        let target = &rooms[(n * 7 + 1 + round) % rooms.len()];
        let text = here.place.pull(&target.place, n + round);
        let who = match asker {
            Asker::Person => &here.place.person,
            Asker::Other => &here.place.other,
        };
        let prompt = super::prompt(hearth, model, (who, &here.place.channel), &text).await?;
        let (mut above, mut words, mut profile) = (false, false, false);
        for there in &rooms {
            // These places have no lore of their own.
            for source in Source::ALL.into_iter().filter(|one| *one != Source::Lore) {
                if !prompt.contains(&there.place.secret(source)) {
                    continue;
                }
                match here.may_read(asker, there, source) {
                    Some(Grounds::SaidHere) => {}
                    Some(Grounds::SaidAbove) => {
                        above = true;
                        words |= matches!(source, Source::Recalled | Source::Window);
                    }
                    Some(Grounds::Profile) => profile = true,
                    None => {
                        crossings += 1;
                        let (here, there) = (here.place.scope, there.place.scope);
                        println!("{text:?} in {here:?} brought {source:?} of {there:?}");
                    }
                }
            }
        }
        let kind = tried.entry(here.kind(asker)).or_default();
        kind.prompts += 1;
        kind.above += usize::from(above);
        kind.words += usize::from(words);
        kind.profile += usize::from(profile);
        if n % READ_EVERY == 0 {
            while hearth.memory().read_some().await? > 0 {}
        }
    }
    println!(
        "    {} channels and threads in {} servers and a direct one, where people have let some be read elsewhere; \
         {prompts} prompts, crossings {crossings}",
        rooms.len() - 1,
        SERVERS.len(),
    );
    for ((place, asker), tried) in &tried {
        println!(
            "      {place}, asked by {asker}: {} prompts, {} with what the channel above knew ({} with its words), \
             {} with a profile's facts",
            tried.prompts, tried.above, tried.words, tried.profile,
        );
    }
    for (here, asker) in askings {
        let kind = here.kind(asker);
        let Some(tried) = tried.get(&kind) else {
            anyhow::bail!("no prompt was tried in {kind:?}");
        };
        ensure!(
            tried.words > 0 || !here.reads_above(),
            "{kind:?} never read the channel above, though it may"
        );
        ensure!(
            tried.profile > 0 || !here.knows(asker),
            "{kind:?} never knew the asker from elsewhere, though it may"
        );
    }
    Ok(crossings == 0)
}

impl Room {
    /// The rule, as the texts of `/memory threads` and `/memory profile` say it.
    fn may_read(&self, asker: Asker, there: &Self, source: Source) -> Option<Grounds> {
        let (here, told) = (self.place.scope, there.place.scope);
        if here == told {
            return Some(Grounds::SaidHere);
        }
        if here.guild != told.guild {
            return None;
        }
        if self.reads_above() && self.above == Some(told.channel) {
            return Some(Grounds::SaidAbove);
        }
        let is_about_asker = source == Source::Fact;
        (self.knows(asker) && there.is_open && is_about_asker).then_some(Grounds::Profile)
    }

    fn reads_above(&self) -> bool {
        self.above.is_some() && self.threads_read
    }

    /// Whether the asker has a profile here.
    fn knows(&self, asker: Asker) -> bool {
        self.has_profile && asker == Asker::Person
    }

    fn kind(&self, asker: Asker) -> (&'static str, &'static str) {
        let place = match (self.place.guild, self.above) {
            (None, _) => "directly",
            (_, None) => "in a channel",
            (_, Some(_)) if self.threads_read => "in a thread that may read the channel above",
            (_, Some(_)) => "in a thread that may not",
        };
        let asker = match self.knows(asker) {
            true => "somebody with a profile",
            false => "somebody without",
        };
        (place, asker)
    }
}

async fn build(hearth: &Hearth) -> anyhow::Result<Vec<Room>> {
    let person = hearth.guild.add_member("Mallory");
    let other = hearth.guild.add_member("Otto");
    let (store, now) = (&hearth.house.store, hearth.house.clock.now());
    for somebody in [&person, &other] {
        let consent = Consent {
            facts: true,
            sensitive: false,
        };
        let user = somebody.id.get().into();
        store.set_consent(user, consent, now).await?;
    }
    let mut rooms = vec![];
    for (n, (threads_read, has_profile)) in SERVERS.into_iter().enumerate() {
        let guild = hearth.sim.add_guild(&format!("reach {n}"));
        // The bot sees closed channels as well: what it sees is not what everybody sees.
        guild.set_bot_permissions(Permissions::all());
        let inner = guild.add_role("inner", Permissions::empty());
        guild.join(&person, &[inner]);
        guild.join(&other, &[inner]);
        for k in 0..=OPEN {
            let channel = guild.add_channel(format!("reach-{n}-{k}").as_str());
            let is_open = k < OPEN;
            if !is_open {
                let (none, view) = (Permissions::empty(), Permissions::VIEW_CHANNEL);
                channel.overwrite_role(guild.id.cast(), none, view);
                channel.overwrite_role(inner, view, none);
            }
            let threads = if is_open { THREADS } else { 1 };
            let mut all = vec![(None, channel.clone())];
            for t in 0..threads {
                let thread = channel.start_thread(&person, &format!("thread {t}"), None)?;
                all.push((Some(channel.id.get().into()), thread));
            }
            for (above, channel) in all {
                rooms.push(Room {
                    place: Place {
                        scope: scope(Some(&guild), &channel, hearth.persona),
                        guild: Some(guild.id.get().into()),
                        channel,
                        person: person.clone(),
                        other: other.clone(),
                        number: FIRST + rooms.len() as u64,
                    },
                    above,
                    threads_read,
                    is_open,
                    has_profile,
                });
            }
        }
        let hall = guild.add_channel("hall");
        if threads_read {
            switch_on(&guild.owner, &hall, "memory threads").await?;
        }
        if has_profile {
            switch_on(&person, &hall, "memory profile").await?;
        }
    }
    let channel = person.dm_channel().context("no direct channel")?;
    rooms.push(Room {
        place: Place {
            scope: scope(None, &channel, hearth.persona),
            guild: None,
            channel,
            person,
            other,
            number: FIRST + rooms.len() as u64,
        },
        above: None,
        threads_read: false,
        is_open: false,
        has_profile: false,
    });
    let mut chatter = Chatter::new(5);
    for (n, here) in rooms.iter().enumerate() {
        let next = rooms[(n + 1) % rooms.len()].place.scope;
        here.place.fill(next, &mut chatter, hearth).await?;
    }
    Ok(rooms)
}

/// Says yes by the command that people say it with.
async fn switch_on(who: &Person, place: &Channel, command: &str) -> anyhow::Result<()> {
    let used = who.command(place, command, &[("state", "on")])?;
    used.response().await.context("the command has no answer")?;
    Ok(())
}
