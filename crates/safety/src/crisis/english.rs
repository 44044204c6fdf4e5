//! English phrases. Spelled normally here; letters are counted once when they are compiled, as in the text.

use std::sync::LazyLock;

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

/// Idioms, errands and fiction: taken out before anything is matched.
const ORDINARY: &[&str] = &[
    "would you rather(?: die| be dead| kill yourself)?",
    "(?:band|album|song|songs|playlist|concert|shirt)(?: [^ .]+){0,3} suicidal tendencies",
    "(?:shoot|shot|shooting|shoots)(?: (?:myself|{others}|yourself))? in the foot",
    "(?:hang|shoot|cut|kill) myself (?:a|an|some)",
    "delete myself (?:from|off) (?:this|the|a|your|that|all)",
    "(?:cut|crop|edit|photoshop)(?: [^ .]+){0,3} out of (?:the|this|a|that|my)",
    "(?:go|going) on (?:with (?:the|that|this (?:level|game|build|plan|course|quest|project))|a|to|about|vacation|holiday|holidays|the)",
    "without me (?:on the|at the|tonight|playing|at work|in the (?:game|team|band|group|call|chat|lobby|party|raid|office))",
    "suicide squad",
    "(?:social|career|political|professional|financial|commercial) suicide",
    "suicide (?:prevention|hotline|awareness|bombers?|bombings?|doors?|sprints?|burns?|pact (?:movie|song)|rates?|by boss|kings)",
    "suicidal (?:tactics?|charge|attack|strategy|bomber|tendencies (?:band|album|song|shirt))",
    "(?:be|is|was|thats|its|would be) (?:pure |total )?suicide (?:to|for|in|at)",
    "(?:virgin|assisted) suicides? (?:movie|book|film|law|debate)",
    "(?:to )?(?:die|dying|died|dead|cry|crying) (?:of|from|with|out of) (?:laughter|laughing|boredom|embarrassment|cringe|cuteness|shame|happiness|joy|excitement|curiosity|jealousy|secondhand|second hand|hunger|heat)",
    "(?:die|dying|died|dead) (?:laughing|inside lol|lol|lmao|hard|rolls?)",
    "(?:die|kill|killing|dying|death) (?:for|to) (?:a|an|the|some|this|that|these|those|one|your|it|see|know|try|hear|meet|watch|play|get|go to|have)",
    "(?:rather|sooner) (?:die|be dead) than (?:eat|watch|wear|use|drink|play|listen|admit|lose|touch|read|work|see|pay|go to (?:the )?(?:gym|school|meeting)|be seen|kiss|date|do (?:that|homework|math|this))",
    "(?:die|dye|died|dying) (?:my|your|her|his) (?:hair|beard|nails|jeans|shirt)",
    "(?:kill|killing|shoot|hang|drown|hurt|cut) myself (?:laughing|in (?:minecraft|roblox|fortnite|valorant|game|the game|skyrim|the foot|work|terraria|gta|mario|celeste|overwatch|the lobby)|to respawn|shaving|some slack|a slice|a piece|off|out of|short|while|when i was|at the gym|at work|playing|cooking|doing|lifting|running|falling|on (?:a|an|the|some|my)|with the (?:paper|can|grater))",
    "accidentally(?: [^ .]+){0,2} myself",
    "myself by (?:accident|mistake|falling)",
    "(?:hurt|burn|burned|burnt|burning|cut|hit|hitting) myself(?: [^ .]+){0,2} (?:cooking|oven|stove|pan|kettle|baking|soldering|iron|knee|ankle|back|shoulder)",
    "(?:kill|kills|killed|killing) (?:the|time|it|a|an|two|your|this|that|process|him in|her in|-9|switch)",
    "(?:dont|do not|didnt|doesnt|not|never|nobody|no one|you|u|who)(?: really| even| actually)? (?:want|wants|wanna|need|deserve|deserves)(?: to)? (?:die|hurt myself|kill myself)",
    "(?:how|where) (?:do|can|to)(?: i| you)? (?:die|kill (?:a|the|zombies?|process|this|that))",
    "(?:bungee|base|sky|long|high) jump(?:ing)?",
    "jump(?:ing)? (?:in|into|on|off) (?:the car|a call|the call|the bus|the train|the bandwagon)",
    "[0-9][0-9.]* kms",
    "kms (?:away|from|per|to go|long|today|an hour|h|auto)",
    "overdose (?:of|on) (?:cuteness|sugar|caffeine|chocolate|candy|memes|serotonin|kpop)",
    "end(?:ing|ed)? it all with",
    "end(?:ing|ed)? (?:this|the|things|it) (?:meeting|call|with (?:him|her|them|my|someone)|here|on a)",
    "(?:cut|cutting) (?:myself|my) (?:off|hair|nails|hours|finger|costs|losses|own hair|grass|steak|sandwich|bangs)",
    "makes? life worth living",
    "(?:anorexia|anorexic|bulimia|bulimic|eating disorder) (?:documentary|movie|essay|class|article|clinic jobs?)",
    "(?:what|whats)(?: exactly)? (?:is|are|does|causes) (?:an |a )?(?:anorexia|bulimia|eating disorders?)(?: nervosa)?",
    "(?:my|our|the|his|her) (?:dnd |d d |player |main )?(?:character|hero|villain|npc|sim|sims|paladin|wizard|goblin|protagonist|oc|avatar)(?: [^ .]+){0,3} (?:die|kills?|killed|suicide|suicidal)(?: himself| herself| themselves)?",
];

/// Words of fiction and games: with them, what others do to themselves is most likely a plot.
const FICTION: &str = "(?:movie|film|book|novel|episode|season|series|show|anime|manga|game|boss|npc|plot|ending|villain|hero|heroine|protagonist|character|chapter|campaign|dnd|goblin|dragon|romeo|juliet|hamlet|ophelia|king|queen|emperor|roman|greek|myth|trailer|spoilers?|lyrics|opera|history)s?";

/// Suicide, in the writer's own words.
const SUICIDE: &[&str] = &[
    "(?:thoughts?|thinking|urges?|ideas?|dreams?|dreaming|voices|nightmares|intrusive|compulsion)(?: [^ .]+){0,5} (?:(?:kill|killing|hanging|shooting|drowning) myself|dying|suicide|ending (?:it|my life|everything)|wanting to die|being dead)",
    "(?:dont|not|hate|tired|cant|sick|sorry|regret|nothing|stopped|worst|no)(?: [^ .]+){0,5} (?:being alive|be alive|existing|to be living)",
    "swallowed(?: [^ .]+){0,4} {pills}|(?:took|taken|taking|ate|popped|downed)(?: [^ .]+){0,3} (?:bunch|lot|lots|loads|tons?|handful|handfuls|dozens|box|boxes|pack|packet|rest)(?: of)?(?: [^ .]+){0,2} {pills}",
    "(?:want|wanna|ready|just)(?: to)?(?: just)? (?:go to heaven|be in heaven|meet my maker|join (?:him|her|them|my [^ .]+)(?: in (?:heaven|death|the afterlife)| up there))",
    "(?:except|but|besides|other than|apart from) (?:dying|death|suicide|to die)",
    "{want}… (?:to )?(?:disappear|vanish|be gone|leave this (?:world|earth|life)|sleep forever|go to sleep forever)(?: forever| and never| from this (?:world|earth)| for good| permanently| completely|) [.]",
    "(?:disappear|vanish|sleep)(?: [^ .]+){0,1} (?:forever|and never (?:come back|wake|return))",
    "(?:wish|wishing|hope|hoping|pray|want)(?: [^ .]+){0,6} (?:hit|kill|killed|shoot|run over|ran over|runs over|murder|murdered|take|crash into|hits|kills) me",
    "(?:hope|wish|wishing|hoping)(?: [^ .]+){0,3} (?:get|got|gets|to get|be|was) (?:hit by|run over|cancer|killed|murdered|shot|in an accident|in a crash)",
    "(?:dont|cant|never|wont|doubt)(?: [^ .]+){0,3} (?:be alive|still be here|living past|live past|alive (?:by|next|tomorrow|much)|make it (?:to tomorrow|through (?:the|this) night|through tonight|past)|see tomorrow|live to see|survive (?:tonight|the night|this week))",
    "(?:have|got|holding|hold|bought|looking at|staring at|saving up|saved up|hoarding|stockpiling|a)(?: [^ .]+){0,3} (?:pills|gun|pistol|rope|razor|blade|knife)(?: [^ .]+){0,4} (?:in front|ready|in my hand|to my head|in my mouth|next to me|against my|to my throat|to do it|do it|to end|for tonight)",
    "(?:when|by the time) you(?: re| are)? (?:read|reading|see|get|find) this(?: [^ .]+){0,3} (?:dead|gone)",
    "(?:ill|i will|im gonna|im going to|going to|gonna) be (?:dead|gone forever|six feet under) (?:by|tomorrow|tonight|soon|next|before)",
    "im(?: just)? about to (?:jump|do it and|end it)|about to jump [.]",
    "(?:i|im|standing|sitting)(?: [^ .]+){0,3} edge of (?:a|the|this) (?:bridge|roof|cliff|building|balcony|platform)",
    "(?:feel|feeling|felt) like (?:dying|ending (?:it|my|everything)|killing|i should die|i want to die|not living|not existing)",
    "(?:lethal|fatal|deadly) (?:dose|amount|dosage)(?: [^ .]+){0,3} {pills}",
    "(?:wont|not|never)(?: going to| gonna| will)? be (?:here|around|alive|with you)(?: for)? (?:much longer|long|very long|any longer)",
    "(?:gun|pistol|bullet)(?: [^ .]+){0,4} (?:my head|my mouth|my brain|my temple)",
    "(?:favou?r|everyone|everybody|they|them|family|world|people|relieved|happy|happier|glad|parents|mom|mum|nobody|anyone|easier)(?: [^ .]+){0,6} if i (?:died|was dead|were dead|killed|wasnt alive|never existed|didnt exist|wasnt here|just died|disappeared)",
    "(?:think|thinking|thoughts|dream|daydream|fantasi[sz]e)(?: [^ .]+){0,1} (?:about|of) (?:death|dying)(?: [^ .]+){0,2} (?:every|all the time|constantly|a lot|daily|nonstop|day)",
    "{no} (?:want|wanna|belong)(?: to)?(?: be)?(?: a)? (?:part of|in|on|of) this (?:world|earth|planet|life)",
    "(?:{intend}|want|id)(?: to)?(?: just)? (?:leave|exit|depart|quit) (?:this|the) (?:world|earth|life|mortal)",
    "(?:kill|killing|killed|neck|necking|rope|offing|hang|hanging|shoot|shooting|drown|drowning|unalive|end|ending|poison|gas|stab) myself",
    "kms",
    "(?:to|gonna|should|might|will|ill|just|and) (?:off|delete|unplug) myself",
    "unaliv(?:e|ing|ed)",
    "(?:sewerslide|sewer slide|sui|suislide|sewercide)",
    "suicidal",
    "{want}… (?:to )?(?:die|be dead|stop existing|not exist|not be alive|cease to exist)",
    "(?:i|im|id|me|ill|just|so)… (?:ready|waiting|hoping|rather|better) (?:to )?(?:die|be dead|to be dead|off dead)",
    "better off dead",
    "i should(?: just| really)? (?:die|be dead|not be alive)",
    "(?:think|thinking|thought|dream|dreaming|fantasi[sz]e|fantasi[sz]ing|obsessed)(?: [^ .]+){0,2} (?:about|of|with) (?:dying|killing|ending (?:it|my|everything)|suicide|my (?:own )?death|not being alive|not existing|taking my)",
    "(?:i|id|just|really|so) (?:wish|wished|wishing) (?:that )?i(?:d| had| was| were| wasnt| werent| would| could)?… (?:dead|die|died|never been born|wasnt born|not born|not alive|wasnt alive|stop existing|not exist|disappear forever|never wake up|not here anymore)",
    "wish i (?:didnt|did not|never) (?:exist|existed|wake up|woke up)",
    "wish i (?:was|were) (?:never born|dead|not alive|gone forever|gone from this world)",
    "(?:hope|hoping|pray|praying) (?:that )?i (?:die|(?:dont|never|do not|wont)(?: ever)? wake up (?:[.]|tomorrow|again|anymore|in the morning|ever|tonight|and|i))",
    "(?:go|going|fall|falling)(?: to)? (?:sleep|bed) and (?:never|not) wake",
    "{no}… (?:want|wanna|wish|deserve|care)… (?:to )?(?:be alive|exist|keep living|go on living|continue living)",
    "{no}… (?:want|wanna|wish|deserve)(?: to)? live (?:anymore|any longer|like this|another day|with this|in this world|on|through|[.])",
    "{no}… deserve… (?:to )?(?:live|life|be alive|exist)",
    "{no} (?:want|wanna)(?: to)? (?:be here|be on this (?:earth|planet)|be around) (?:anymore|any longer|[.])",
    "{no} (?:want|wanna)(?: to)?(?: ever)? wake up (?:tomorrow|again|anymore|ever|any more|in the morning) (?:[.]|anymore|i|and|because|ever|again|so)",
    "(?:no|any|a|the|little|much) (?:real )?(?:point|reasons?|use|sense) (?:in|of|to|for|for me to|i should) (?:living|live|life|being alive|be alive|stay alive|staying alive|go on living|going on|go on|keep living|keep going (?:[.]|anymore|on)|exist|existing|continue (?:[.]|living|anymore)|being here)",
    "whats? (?:is )?the point (?:of|in) (?:living|being alive|going on|staying alive|existing|even living)",
    "(?:nothing|nothing left) (?:left )?to live for",
    "(?:no|lost the|lost my|lost all|without the) (?:will|desire|strength) to (?:live|go on)",
    "life… (?:isnt|not|isn t|never|no longer|hardly|aint)… worth(?: living| it)?",
    "(?:tired|sick|exhausted|weary) of (?:being alive|life|existing|this life|my life|living)(?: like this| this life)? (?:[.]|and|but|i|so|anymore|all)",
    "(?:done|through|finished) with (?:life|living|my life|this life|existing|this world)",
    "(?:want|wanna|need|way)(?: to get)? out of (?:life|this life|this world)",
    "(?:end|ending|ended|take|taking|took) my (?:own )?life",
    "(?:i|im|ive|just|to|and|{intend})…(?: to)? (?:end|ending) (?:it all|it tonight|it forever|it now|it for good|everything for good|things for good|things forever|all of it|my suffering|my pain|my misery)",
    "{intend}(?: to)?(?: just)? end (?:it|everything|this) (?:[.]|tonight|today|now|soon|anymore)",
    "(?:better|happier|easier|relieved|fine|best) (?:off )?without me",
    "(?:better|happier|easier|relieved|fine|best)(?: off)? if i (?:was|were|am|wasnt|werent|died|die|just died|killed|disappeared|vanished|didnt exist|never existed|had never|left this world)(?: gone| dead| not here| not around| out of)?",
    "(?:no one|nobody|noone|anyone|anybody|who|everyone|they|people)(?: [^ .]+){0,2} (?:miss|care|cares|notice|mind|sad|cry)(?: me| even| at all)?… (?:if|when|that|once) i(?:m| am| was| were| wasnt| just| would| had)? (?:died|die|dead|gone|disappeared|disappear|killed|not here|vanished|vanish)",
    "(?:if|when|once|after) (?:i died|i die|i killed|i was dead|i were dead|im dead|i am dead|im gone)(?: [^ .]+){0,3} (?:would|will|wouldnt|wont|everyone|nobody|no|anyone|they|be|happier|better|care|cry)",
    "(?:commit|committing|committed|attempt|attempted|attempting)… suicide",
    "(?:i|im|ive|my|me|how to|{intend})(?: [^ .]+){0,6} (?:commit|attempt|attempting|committing|plan|planning|about|of|by|my|the|want|is)(?: [^ .]+){0,2} suicide",
    "suicide(?: [^ .]+){0,5} (?:my mind|me|my head|i|answer for me|way out|only option|only way)",
    "(?:my|a|the|wrote|writing|written) suicide (?:note|letter|plan|attempt|date)",
    "suicid(?:e|al) (?:thoughts|ideation|urges)",
    "i(?:ve| have)? attempted (?:again|last|before|twice|once|three|two|it|and failed|when i was|a few|to (?:end|take|kill))",
    "(?:painless|easiest|easy|best|quickest|fastest|least painful|quick|peaceful|surest|most painless)(?: [^ .]+){0,2} (?:ways?|methods?|how)(?: [^ .]+){0,2} (?:to )?(?:die|go|kill yourself|kill myself|end (?:it|my life|your life)|suicide|commit)",
    "(?:painless|peaceful|quick|easy) (?:death|suicide)(?: method)?",
    "(?:how|ways?|where) (?:do|to|can|does|could|would)(?: i| you| one| someone)? (?:kill (?:yourself|oneself|urself)|commit suicide|overdose|die (?:painlessly|peacefully|without pain|fast|quickly|in my sleep))",
    "nooses?",
    "(?:want|wanna|going|gonna|think|thinking|thought|picturing|picture|imagine|imagining|about to|ready|considering|tempted|urge|plan|planning|should|could|ill|im)(?: [^ .]+){0,5} (?:jump|jumping|step|stepping|throw myself|throwing myself|walk|walking) (?:off|from|in front|into|out|onto)(?: of)? (?:a |the |my |that |this |an |oncoming )?(?:moving |tall |nearest )?{place}",
    "(?:roof|rooftop|bridge|ledge|balcony|tracks)(?: [^ .]+){0,5} (?:jump|let go|step off)",
    "(?:slit|slitting|cut|slice) (?:my|my own) (?:throat|neck)|(?:slit|slitting|slash|slashing) my wrists?",
    "(?:took|taken|swallowed|downed|swallow|take|taking)(?: [^ .]+){0,2} (?:all|whole|entire|full|bottle|too many|so many|handful|a lot|every|[1-9][0-9]+)(?: of)?(?: [^ .]+){0,4} {pills}",
    "how (?:many|much)(?: [^ .]+){0,2} {pills}(?: [^ .]+){0,6} (?:die|kill|not wake|never wake|overdose|dead|lethal|fatal|enough)",
    "(?:i|im|ive|{intend})(?: [^ .]+){0,2} (?:overdose|overdosing|overdosed)",
    "(?:goodbye|farewell|suicide|final|last) (?:notes?|letters?|message)(?: [^ .]+){0,4} (?:parents|family|mom|mum|dad|everyone|kids|friends|wife|husband)",
    "(?:wrote|written|writing|left|leaving)(?: [^ .]+){0,2} notes? (?:for|to) (?:my|everyone|mom|mum|dad|them|him|her)(?: [^ .]+){0,2} [.] (?:tonight|today|this is|goodbye|im|its time)",
    "my (?:last|final) (?:message|goodbye|post|words|night|day) (?:[.] )?(?:goodbye|on earth|alive|ever|i love you|im sorry|sorry)",
    "let me die",
    "(?:cant|dont know how to) (?:go on (?:[.]|like this|anymore|living|any longer|and|i|but|this way)|keep living|live like this|live anymore)",
    "plan(?:s|ned|ning)? (?:to|for) (?:die|end|kill|my (?:own )?death)",
];

/// Suicide of someone the writer worries about.
const SUICIDE_OF_OTHERS: &[&str] = &[
    "{kin}{long} (?:kill|kills|killing|killed|hang|hanging|hanged|hung|shoot|shot|end|off|unalive|drown) {others}",
    "{kin}{long} (?:wants?|wanted|wanna|wish|wishes|wished|going|threatens?|threatened|threatening)(?: [^ .]+){0,3} (?:to die|to be dead|(?:was|were) dead|end it all|end (?:his|her|their) life)",
    "{kin}{long} (?:doesnt|dont|not|didnt|no longer)(?: [^ .]+){0,2} (?:live|be alive|be here|exist) (?:anymore|any longer|[.])",
    "{kin}{long} (?:end|ending|ended|take|taking|took|taken) (?:his|her|their) (?:own )?(?:life|lives)",
    "{kin}{long} (?:suicide|overdosed|overdose|jumped off)",
];

const SELF_HARM: &[&str] = &[
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
    "(?:havent|have not|hasnt|didnt|not|avent) (?:eaten|eat|ate)(?: anything| food| properly)?(?: in| for)?(?: like| over| about| almost)? {days}",
    "(?:havent|have not|hasnt|stopped|refuse|refuses|wont|cant|skip|skipping|skipped)(?: to)? (?:eaten|eat|eating|meals|dinner|lunch)(?: [^ .]+){0,8} {flaw}",
    "{no}(?: [^ .]+){0,1} deserve(?: to| any)? (?:eat|food|dinner|meals|eating)",
    "(?:down to|limit|limiting|restrict|restricting|restricted|let myself|allow myself|surviving on|living on|live on|survive on|(?:only|just) (?:ate|eat|eating|had|have|allowed)|(?:ate|eat|eating) (?:only|just|under|less than|below))(?: [^ .]+){0,4} [1-9][0-9]{1,2} (?:calories|cals?|kcals?)",
    "[1-9][0-9]{1,2} (?:calories|cals?|kcals?) (?:a|per|each|every) day",
    "(?:scared|afraid|terrified|fear|frightened|anxious) (?:of|to|about) (?:eating|eat|food|gaining|gain weight|calories)",
    "(?:every|each) (?:bite|meal|calorie)(?: [^ .]+){0,5} (?:fat|guilty|guilt|disgusting|ashamed|gross|failure)",
    "(?:feel|feeling|felt)(?: [^ .]+){0,2} (?:guilty|disgusting|ashamed|disgusted|gross)(?: [^ .]+){0,1} (?:after|when|whenever|every time|for|about) (?:i )?(?:eat|eating|ate)(?: [^ .]+){0,4} (?:[.]|purge|throw)",
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
