//! Who is next. The turns of one channel follow each other; of those that wait, the one of whoever spent least goes first,
//! and one person's own turns keep their order. Plain decisions; [`crate::lanes`] carries them out.

use std::cmp::Reverse;
use std::collections::HashMap;

use ledger::{Spender, Spent};
use store::id::{ChannelId, GuildId, MessageId, UserId};

/// Who waits for an answer, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel, whose turns follow each other.
    pub channel: ChannelId,
    /// The person.
    pub member: UserId,
    /// The message that is to be answered. Ids grow with time, so they say who came first.
    pub message: MessageId,
}

impl Caller {
    /// Whose budget the answer is paid from, wherever in the server they wrote.
    pub fn spender(&self) -> Spender {
        Spender {
            guild: self.guild,
            channel: Some(self.channel),
            member: self.member,
        }
    }

    fn is_same_person(&self, other: &Self) -> bool {
        (self.guild, self.member) == (other.guild, other.member)
    }
}

/// How much may run and wait.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Turns that may wait in one channel behind the running one.
    pub waiting: usize,
    /// Turns of one server that may run at once.
    pub per_guild: usize,
    /// Turns that may run at once in all.
    pub in_all: usize,
}

/// What runs and what waits, by channel. `T` is what is done when it is somebody's turn.
pub struct Queue<T> {
    bounds: Bounds,
    /// A channel has a lane while something runs or waits in it.
    lanes: HashMap<ChannelId, Lane<T>>,
    /// Running turns by server.
    guilds: HashMap<GuildId, usize>,
    running: usize,
}

struct Lane<T> {
    is_running: bool,
    waiting: Vec<Entry<T>>,
}

struct Entry<T> {
    caller: Caller,
    spent: Spent,
    work: T,
}

impl<T> Queue<T> {
    /// Nothing runs and nothing waits.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            lanes: HashMap::new(),
            guilds: HashMap::new(),
            running: 0,
        }
    }

    /// Whether a turn could begin at once, so that it does not matter what its caller has spent.
    pub fn is_free(&self, caller: &Caller) -> bool {
        self.has_room(caller) && !self.lanes.contains_key(&caller.channel)
    }

    /// Takes a turn in. Where the channel's lane is full, the newest turn of whoever spent most makes room and is
    /// returned; that may be this one.
    pub fn enter(&mut self, caller: Caller, spent: Spent, work: T) -> Option<(Caller, T)> {
        self.weigh(&caller, spent);
        let lane = self.lanes.entry(caller.channel).or_insert_with(|| Lane {
            is_running: false,
            waiting: vec![],
        });
        lane.waiting.push(Entry {
            caller,
            spent,
            work,
        });
        let places = self.bounds.waiting + usize::from(!lane.is_running);
        if lane.waiting.len() <= places {
            return None;
        }
        let heaviest = lane.heaviest()?;
        let entry = lane.waiting.swap_remove(heaviest);
        Some((entry.caller, entry.work))
    }

    /// Somebody has spent this by now.
    pub fn weigh(&mut self, who: &Caller, spent: Spent) {
        let waiting = self.lanes.values_mut().flat_map(|lane| &mut lane.waiting);
        for entry in waiting.filter(|entry| entry.caller.is_same_person(who)) {
            entry.spent = spent;
        }
    }

    /// Whether this person waits for another answer.
    pub fn waits(&self, who: &Caller) -> bool {
        let mut waiting = self.lanes.values().flat_map(|lane| &lane.waiting);
        waiting.any(|entry| entry.caller.is_same_person(who))
    }

    /// The turn that may begin now, if one may; it counts as running until [`Queue::done`].
    pub fn begin(&mut self) -> Option<(Caller, T)> {
        let may_begin = self.lanes.values().filter(|lane| !lane.is_running);
        let caller = may_begin
            .flat_map(|lane| &lane.waiting)
            .filter(|entry| self.has_room(&entry.caller))
            .min_by_key(|entry| (entry.spent, entry.caller.message))?
            .caller;
        let lane = self.lanes.get_mut(&caller.channel)?;
        let index = lane.waiting.iter().position(|e| e.caller == caller)?;
        lane.is_running = true;
        self.running += 1;
        if let Some(guild) = caller.guild {
            *self.guilds.entry(guild).or_default() += 1;
        }
        Some((caller, lane.waiting.swap_remove(index).work))
    }

    /// Sends everybody away who waits, and returns what they waited for.
    pub fn send_away(&mut self) -> Vec<T> {
        let mut works = Vec::new();
        for lane in self.lanes.values_mut() {
            works.extend(lane.waiting.drain(..).map(|entry| entry.work));
        }
        self.lanes.retain(|_, lane| lane.is_running);
        works
    }

    /// A turn that [`Queue::begin`] gave out has ended.
    pub fn done(&mut self, caller: &Caller) {
        self.running = self.running.saturating_sub(1);
        if let Some(guild) = caller.guild
            && let Some(running) = self.guilds.get_mut(&guild)
        {
            *running = running.saturating_sub(1);
            if *running == 0 {
                self.guilds.remove(&guild);
            }
        }
        if let Some(lane) = self.lanes.get_mut(&caller.channel) {
            lane.is_running = false;
            if lane.waiting.is_empty() {
                self.lanes.remove(&caller.channel);
            }
        }
    }

    /// Whether nothing runs and nothing waits.
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    fn has_room(&self, caller: &Caller) -> bool {
        let in_guild = caller.guild.and_then(|guild| self.guilds.get(&guild));
        self.running < self.bounds.in_all && in_guild.copied().unwrap_or(0) < self.bounds.per_guild
    }
}

impl<T> Lane<T> {
    /// The newest turn of whoever spent most; among equals, of whoever has most turns waiting.
    fn heaviest(&self) -> Option<usize> {
        let turns = |of: &Caller| {
            let own = self.waiting.iter().filter(|e| e.caller.member == of.member);
            own.count()
        };
        let weight = |entry: &Entry<T>| {
            let Entry { caller, spent, .. } = entry;
            (*spent, turns(caller), caller.message)
        };
        (0..self.waiting.len()).min_by_key(|index| Reverse(weight(&self.waiting[*index])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Bounds = Bounds {
        waiting: 3,
        per_guild: 100,
        in_all: 100,
    };

    fn caller(channel: u64, member: u64, message: u64) -> Caller {
        Caller {
            guild: Some(1.into()),
            channel: channel.into(),
            member: member.into(),
            message: message.into(),
        }
    }

    fn usd(usd: i64) -> Spent {
        Spent { usd, tokens: 0 }
    }

    /// Takes a turn in whose work is its message's number.
    fn enter(queue: &mut Queue<u64>, caller: Caller, spent: i64) -> Option<u64> {
        let message = caller.message.get();
        queue
            .enter(caller, usd(spent), message)
            .map(|(_, work)| work)
    }

    /// Serves everything, one turn at a time.
    fn order(queue: &mut Queue<u64>) -> Vec<u64> {
        let mut order = vec![];
        while let Some((caller, work)) = queue.begin() {
            order.push(work);
            queue.done(&caller);
        }
        order
    }

    #[test]
    fn whoever_spent_least_is_served_first_and_equals_as_they_came() {
        let mut queue = Queue::new(Bounds {
            waiting: 10,
            ..WIDE
        });
        for (member, message, spent) in [(7, 1, 50), (7, 2, 50), (8, 3, 10), (9, 4, 10), (7, 5, 50)]
        {
            enter(&mut queue, caller(1, member, message), spent);
        }
        assert_eq!(order(&mut queue), [3, 4, 1, 2, 5]);
    }

    #[test]
    fn what_somebody_spends_while_they_wait_counts_at_once() {
        let mut queue = Queue::new(WIDE);
        enter(&mut queue, caller(1, 7, 1), 0);
        enter(&mut queue, caller(1, 7, 2), 0);
        enter(&mut queue, caller(1, 8, 3), 5);
        let (first, work) = queue.begin().unwrap();
        assert_eq!(work, 1);
        assert!(queue.waits(&first));
        queue.weigh(&first, usd(9));
        queue.done(&first);
        assert_eq!(order(&mut queue), [3, 2]);
    }

    #[test]
    fn one_members_turns_keep_their_order_however_they_come_in() {
        let mut queue = Queue::new(WIDE);
        for message in [3, 1, 2] {
            enter(&mut queue, caller(1, 7, message), 0);
        }
        assert_eq!(order(&mut queue), [1, 2, 3]);
    }

    #[test]
    fn a_flooder_cannot_fill_the_queue() {
        let mut queue = Queue::new(WIDE);
        enter(&mut queue, caller(1, 7, 1), 0);
        queue.begin();
        for message in 2..5 {
            assert_eq!(enter(&mut queue, caller(1, 7, message), 40), None);
        }
        // The flooder's own next one finds no room; a lighter person's takes the place of the flooder's newest.
        assert_eq!(enter(&mut queue, caller(1, 7, 5), 40), Some(5));
        assert_eq!(enter(&mut queue, caller(1, 8, 6), 10), Some(4));
        // Somebody heavier than all who wait finds none.
        assert_eq!(enter(&mut queue, caller(1, 9, 7), 99), Some(7));
    }

    #[test]
    fn before_anything_was_spent_whoever_waits_most_makes_room() {
        let mut queue = Queue::new(WIDE);
        for message in 1..5 {
            enter(&mut queue, caller(1, 7, message), 0);
        }
        assert_eq!(enter(&mut queue, caller(1, 8, 5), 0), Some(4));
    }

    #[test]
    fn a_channel_runs_one_turn_and_waits_for_no_other_channel() {
        let mut queue = Queue::new(WIDE);
        for (channel, message) in [(1, 1), (1, 2), (2, 3)] {
            enter(&mut queue, caller(channel, message, message), 0);
        }
        let begun: Vec<u64> = std::iter::from_fn(|| queue.begin())
            .map(|(_, w)| w)
            .collect();
        assert_eq!(begun, [1, 3]);
    }

    #[test]
    fn a_server_at_its_bound_serves_the_lightest_channel_first_and_holds_up_no_other_server() {
        let bounds = Bounds {
            per_guild: 1,
            ..WIDE
        };
        let mut queue = Queue::new(bounds);
        enter(&mut queue, caller(1, 7, 1), 0);
        let (first, _) = queue.begin().unwrap();
        assert!(!queue.is_free(&caller(2, 8, 9)));
        enter(&mut queue, caller(2, 7, 2), 50);
        enter(&mut queue, caller(3, 8, 3), 10);
        assert!(queue.begin().is_none());
        let elsewhere = Caller {
            guild: Some(2.into()),
            ..caller(4, 7, 4)
        };
        assert!(queue.is_free(&elsewhere));
        queue.done(&first);
        assert_eq!(order(&mut queue), [3, 2]);
        assert!(queue.is_empty());
    }

    #[test]
    fn the_bound_of_all_holds_for_direct_messages_too() {
        let bounds = Bounds { in_all: 1, ..WIDE };
        let mut queue = Queue::new(bounds);
        let direct = |channel, message| Caller {
            guild: None,
            ..caller(channel, message, message)
        };
        enter(&mut queue, direct(1, 1), 0);
        enter(&mut queue, direct(2, 2), 0);
        let (first, _) = queue.begin().unwrap();
        assert!(queue.begin().is_none());
        queue.done(&first);
        assert_eq!(order(&mut queue), [2]);
    }
}
