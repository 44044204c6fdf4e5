//! English phrases. Spelled normally here; letters are counted once when they are compiled, as in the text.

mod ordinary;
mod suicide;

use std::sync::LazyLock;

use ordinary::{FICTION, ORDINARY};
use suicide::{SUICIDE, SUICIDE_OF_OTHERS};

use super::Kind;
use crate::pattern::{Idioms, Phrases};

/// What stands for what in the patterns below. `…` is a gap of up to three words within a sentence.
const PARTS: &[(&str, &str)] = &[
    ("…", "(?: [^ .]+){0,3}"),
    ("{long}", "(?: [^ .]+){0,8}"),
    (
        "{intend}",
        "(?:want|wants|wanted|wanna|wanting|going|gonna|gunna|go|plan|planning|planned|ready|decided|need|tried|try|trying|might|may|will|ill|would|id|should|could|about|let me|rather|wish|tempted|considering|think|thinking|thought|thoughts|feel like|urge|urges|almost|nearly|just)",
    ),
    (
        "{want}",
        "(?:want|wants|wanted|wanna|wanting|need|wish|ready|deserve|deserves|prefer|hope|hoping|begging|let me|longing|rather)",
    ),
    (
        "{no}",
        "(?:dont|do not|didnt|doesnt|does not|cant|cannot|never|no longer|not)",
    ),
    (
        "{others}",
        "(?:himself|herself|themselves|themself|theirself|hisself|themselfs)",
    ),
    (
        "{kin}",
        "(?:friend|bestie|bff|bro|brother|sister|sibling|mom|mum|mother|dad|father|parent|son|daughter|child|kid|boyfriend|girlfriend|bf|gf|ex|husband|wife|partner|spouse|fiance|roommate|flatmate|housemate|cousin|aunt|uncle|niece|nephew|grandma|grandpa|grandmother|grandfather|classmate|coworker|colleague|neighbour|neighbor|student|teacher|pupil|boss|girl|boy|guy|someone|somebody|person|woman|man|mate|crush|she|he|they|shes|hes|theyre|her|him)s?",
    ),
    (
        "{place}",
        "(?:bridge|roof|rooftop|building|balcony|window|cliff|train|trains|tracks|overpass|ledge|parking garage|tower|traffic|highway|car|cars|truck|bus)",
    ),
    (
        "{pills}",
        "(?:pills?|tablets?|meds|medication|medicine|sleeping pills|painkillers|tylenol|paracetamol|ibuprofen|xanax|advil|antidepressants)",
    ),
    (
        "{limb}",
        "(?:arms?|wrists?|thighs?|legs?|skin|forearms?|hips?)",
    ),
    (
        "{flaw}",
        "(?:fat|disgusting|weight|thin|thinner|skinny|calories|deserve|ugly|guilty|gross|ana|body)",
    ),
    (
        "{days}",
        "(?:two|three|four|five|six|seven|ten|several|[2-9]|[1-9][0-9]) (?:whole |full |straight )?(?:days?|weeks?)",
    ),
];

const SELF_HARM: &[&str] = &[
    "(?:want|need|wanna|urge|urges|keep|going|gonna|love|like|started)(?: [^ .]+){0,3} (?:burn|burning|scratch|scratching|peel|peeling|bite|biting|cut|cutting|slice|slicing|rip|ripping) (?:into |up |off )?my (?:own )?{limb}",
    "(?:cant stop|stop|stopped|quit|started|addicted to|back to|into|been) cutting (?:[.]|again|and i|but|because|since|when|for (?:a|two|three|[0-9]+))",
    "(?:burn|burned|burnt|burning) my (?:own )?(?:left |right )?{limb}(?: [^ .]+){0,3} (?:cigarettes?|lighter|purpose|feel|punish|again|match|pain)",
    "(?:hide|hiding|cover|covering|see|saw|found|notice|noticed|show)(?: up)? my(?: [^ .]+){0,2} (?:cuts|self harm scars|cut marks|burn marks|scars from)",
    "(?:punch|punching|hit|hitting|hurt|hurting|cut|cutting|burn|burning)(?: [^ .]+){0,3} myself (?:when|whenever|because|every time|if) (?:i|im|things|it)",
    "(?:carve|carved|carving|etch|etched|scratched|cut)(?: [^ .]+){0,4} (?:in|into|on) my (?:left |right )?{limb}",
    "(?:need|want|wanna|have|craving|urge|gonna|going|desperate|itching)(?: to)? cut (?:[.]|so|really|again|tonight|bad|badly|deep|deeper|right now)",
    "(?:scratch|scratching|pick|picking|claw|clawing|bite|biting|hit|hitting|punch|punching|burn|burning|cut|cutting)(?: [^ .]+){0,5} (?:until|till) (?:i|they|it|my) (?:[^ .]+ )?(?:bleeds?|bled|bleeding|bruises?|swells?)",
    "(?:sh|self harm) (?:relapse|relapsed|scars|urges|clean|addiction)|(?:relapsed?|relapsing)(?: on| into)? sh",
    "deserve{long} (?:hit|hurt|punch|slap|burn|cut|bite|harm) myself",
    "self injur(?:e|es|y|ing|ed|ious)",
    "selfharm(?:s|ed|ing|er)?|selfinjur(?:e|y|ing|ed)",
    "(?:cut|cuts|cutting|slice|slicing|carve|carving|scratch|scratching|stab|stabbing|bruise|bruising|punish|punishing|mutilate|mutilating) (?:up )?myself",
    "(?:cut|cuts|cutting|slit|slice|slicing|carve|carving|slash|slashing) (?:on |into |at |open )?my (?:own )?(?:left |right )?{limb}",
    "(?:cuts|scars|burns|gashes) (?:all )?(?:on|over|across|down|along) my (?:left |right |inner )?{limb}",
    "{limb}(?: [^ .]+){0,2} (?:full of|covered in|covered with|filled with) (?:cuts|scars|burns)",
    "(?:razor|razors|razor blade|blade|blades)(?: [^ .]+){0,6} (?:arms?|wrists?|skin|calms?|thighs?|relief|bleed|myself)",
    "(?:i|ive|im|been|started|want|wanna|need|urge|urges|going|gonna|cant stop|keep)(?: [^ .]+){0,3} (?:to )?(?:cut|cutting) (?:again|last night|tonight|every night|when im|to feel|so deep|deeper|deep|too deep)",
    "(?:relapsed?|relapsing|clean|addicted|urges?|back)(?: [^ .]+){0,3} (?:from|on|to|into|with|of) (?:cutting|cut|sh|burning|hurting)",
    "urges? to (?:cut|burn|hurt|bleed)",
    "(?:want|wanna|keep|keeps|kept|urge|urges|need|like|love|going|gonna|started|stop|stopped|thinking about|thoughts of|thought of|think about|feel like|deserve|deserve to|been|ill|might|always|addicted to)(?: [^ .]+){0,3} (?:hurt|hurting|harm|harming|burn|burning|punch|punching|hit|hitting|bite|biting|bruise|slap|slapping|choke|choking|starting to hurt) myself",
    "(?:hurt|hurting|harm|harming|burn|burned|burning|punch|punching|hit|hitting|bite|biting) myself (?:again|on purpose|tonight|to feel|to punish|until|so|when im|whenever|because i|with (?:a |my |the )?(?:cigarettes?|lighters?|match|matches|razor|knife|blade))",
    "myself (?:until|till) (?:i|it) (?:bruise|bruises|bleeds?|passe?s? out)",
    "(?:hit|hitting|bang|banging|slam|slamming|smash|smashing) my head(?: [^ .]+){0,5} (?:punish|purpose|feel|deserve|stop thinking|hate)",
    "{kin}{long} (?:cut|cuts|cutting|hurt|hurts|hurting|burn|burns|burning|harm|harms|harming) {others}",
    "want to (?:bleed|feel pain|make myself bleed|see (?:my )?blood)",
];

const EATING: &[&str] = &[
    "(?:throw|throws|throwing|threw|puke|puked|vomit|vomited)(?: [^ .]+){0,4} on purpose",
    "hate my body(?: [^ .]+){0,8} (?:eat|eating|starve|starving|food|meals)",
    "(?:abuse|abuses|abusing|abused|misuse|misusing|addicted to|overuse) laxatives?",
    "(?:food|eating) (?:disgusts|scares|terrifies|repulses) me|(?:disgusted|repulsed) by (?:food|eating)",
    "(?:feel|feeling|felt)(?: [^ .]+){0,1} fat (?:all the time|every day|no matter|even though|constantly|when i eat|after i eat|whenever)",
    "(?:only|just|barely|hardly)(?: [^ .]+){0,1} (?:ate|eaten|eat|had)(?: [^ .]+){0,4} in {days}",
    "(?:fat|disgusting|ugly|gross)(?: [^ .]+){0,6} (?:stopped|stop|quit|cant|wont|refuse|refuse to|scared to|afraid to|not going to|never going to)(?: [^ .]+){0,1} (?:eat|eating|food)",
    "(?:binge|bingeing|binging|binged)(?: [^ .]+){0,6} (?:throw|threw|puke|puked|vomit|vomited|throwing|purge|purged|get rid)",
    "(?:puke|vomit|throw up|throwing up|vomiting|puking|purge|barf)(?: up)?(?: right)? (?:after )?(?:every|all|each) (?:meal|meals|time i eat|dinner|lunch|bite|thing i eat)",
    "(?:fingers?|toothbrush|spoon) down my throat",
    "(?:been|im|started|keep|back to|still|i) restricting(?: [^ .]+){0,3} (?:[.]|food|calories|eating|intake|dizzy|again|so|and i|weight)",
    "(?:food|eating)(?: [^ .]+){0,3} (?:makes|making) me(?: [^ .]+){0,3} (?:disgusting|gross|fat|guilty|hate myself|ashamed|worthless)",
    "hate myself (?:for eating|when i eat|after eating|after i eat|every time i eat)",
    "(?:weigh|weight|bmi|kg|kilos|lbs|pounds)(?: [^ .]+){0,6} (?:still|too|feel|look|am)(?: [^ .]+){0,1} fat",
    "(?:eat|ate|eaten|eating)(?: [^ .]+){0,6} (?:want|need|have|wanna|going|gonna)(?: to)? (?:throw|vomit|puke|purge|get rid)(?: [^ .]+){0,2} (?:up|out|[.]|of)",
    "(?:eat|eating|ate|food)(?: [^ .]+){0,6} (?:binge|bingeing|binging|binged)|(?:binge|binged|bingeing) (?:and|then)(?: [^ .]+){0,3} (?:hate myself|ashamed|disgusted|disgusting)",
    "(?:starve|starves|starving|starved) (?:myself|{others})",
    "(?:make|makes|making|made|force|forcing) (?:myself|{others}) (?:to )?(?:throw up|vomit|puke|sick|be sick|purge|barf)",
    "(?:binge|binges|bingeing|binging|binged|bing)(?: [^ .]+){0,2} (?:and|then|or) (?:purge|purges|purging|purged|throw|vomit|starve)",
    "(?:purge|purging|purged)(?: [^ .]+){0,4} (?:eat|eating|eaten|ate|food|meals?|dinner|lunch|calories|binge)|(?:eat|eating|eaten|ate|guilty|binge|meals?|dinner)(?: [^ .]+){0,6} (?:purge|purging|purged)",
    "(?:i|im|ive|my|am|have|had|be|think|getting|becoming|recovering|relapsed?|relapsing|{kin})(?: [^ .]+){0,6} (?:anorexi[ac]|bulimi[ac]|anorexic|bulimic|eating disorder|orthorexia|ednos|arfid)",
    "(?:anorexi[ac]|bulimi[ac]|eating disorder)(?: [^ .]+){0,3} (?:is back|came back|relapse|is winning|voice|is getting)",
    "(?:pro ana|proana|pro mia|promia|thinspo|thinspiration|meanspo|bonespo|my ana|ana buddy|ana tips|ana coach|ana diet)",
    "(?:laxatives?|diet pills|diuretics)(?: [^ .]+){0,6} (?:weight|skinny|thin|eat|eating|meal|meals|every|fat|after)|(?:abus(?:e|ing)|taking|take)(?: [^ .]+){0,2} laxatives(?: [^ .]+){0,4} (?:weight|skinny|thin|eat|eating|meals?)",
    "(?:havent|have not|hasnt|didnt|not|avent) (?:eaten|eat|ate)(?: anything| food| properly| a thing)?(?: in| for| since)?(?: like| over| about| almost)? {days}",
    "(?:havent|have not|hasnt|stopped|refuse|refuses|wont|cant|skip|skipping|skipped)(?: to)? (?:eaten|eat|eating|meals|dinner|lunch)(?: [^ .]+){0,8} {flaw}",
    "{no}(?: [^ .]+){0,1} deserve(?: to| any)? (?:eat|food|dinner|meals|eating)",
    "(?:down to|limit|limiting|restrict|restricting|restricted|let myself|allow myself|surviving on|living on|live on|survive on|(?:only|just) (?:ate|eat|eating|had|have|allowed)|(?:ate|eat|eating) (?:only|just|under|less than|below))(?: [^ .]+){0,4} [1-9][0-9]{1,2} (?:calories|cals?|kcals?)",
    "[1-9][0-9]{1,2} (?:calories|cals?|kcals?) (?:a|per|each|every) day",
    "(?:scared|afraid|terrified|fear|frightened|anxious) (?:of|to|about) (?:eating|eat|food|gaining|gain weight|calories)",
    "(?:every|each) (?:bite|meal|calorie)(?: [^ .]+){0,5} (?:fat|guilty|guilt|disgusting|ashamed|gross|failure)",
    "(?:feel|feeling|felt)(?: [^ .]+){0,2} (?:guilty|disgusting|ashamed|disgusted|gross)(?: [^ .]+){0,1} (?:after|when|whenever|every time) (?:i )?(?:eat|eating|ate)(?: [^ .]+){0,4} (?:[.]|purge|throw)",
    "(?:guilty|guilt|disgusting|ashamed|disgusted)(?: [^ .]+){0,1} (?:for|about) eating (?:[.]|anything|food|at all|so much|when|and)",
    "{kin}{long} (?:wont|refuses|refuse|doesnt|stopped|barely)(?: to)? (?:eat|eats|eating)(?: [^ .]+){0,6} (?:throw|throws|vomits?|thin|skinny|bones|weight|fat)",
    "(?:throw|throws|throwing|threw) up (?:after|every)(?: [^ .]+){0,4} (?:on purpose|purposely|deliberately|lose weight|stay thin)",
    "(?:starve|starving|fasting|fast) (?:until|till|to)(?: [^ .]+){0,3} (?:skinny|thin|bones|disappear)",
];

static ORDINARY_SPEECH: LazyLock<Idioms> = LazyLock::new(|| Idioms::of_words(ORDINARY, PARTS));
static FICTIONAL: LazyLock<Idioms> = LazyLock::new(|| Idioms::of_words(&[FICTION], PARTS));
static SUICIDE_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_words(SUICIDE, PARTS));
static OTHERS_PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of_words(SUICIDE_OF_OTHERS, PARTS));
static SELF_HARM_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_words(SELF_HARM, PARTS));
static EATING_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_words(EATING, PARTS));

/// What the words of a [`Seen`](crate::normalize::Seen) text are about.
pub(super) fn kind(words: &str) -> Option<Kind> {
    let serious = ORDINARY_SPEECH.taken_out(words, " ~ ");
    if SUICIDE_PHRASES.are_in(&serious)
        || (OTHERS_PHRASES.are_in(&serious) && !FICTIONAL.are_in(words))
    {
        return Some(Kind::Suicide);
    }
    if SELF_HARM_PHRASES.are_in(&serious) {
        return Some(Kind::SelfHarm);
    }
    EATING_PHRASES
        .are_in(&serious)
        .then_some(Kind::EatingDisorder)
}
