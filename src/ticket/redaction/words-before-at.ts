// Words that come before "at shop.example" in sentences about a place or a page, which are no e-mail address.
const words =
  // Actions
  'look looked looking looks see saw seen seeing sign signed signing log logged logging login signin register registered registering ' +
  'registration buy bought buying purchase purchased purchasing order ordered ordering orders shop shopped shopping pay paid paying ' +
  'payment book booked booking check checked checking find found finding search searched browse browsed read reading click clicked go ' +
  'going went gone come came arrive arrived arriving stay stayed be been being is are was were am live lives lived work works worked ' +
  'working start started starting stop stopped end ended open opened opening close closed post posted posting publish published visit ' +
  'visited view viewed viewing watch watched download downloaded downloading upload uploaded update updated hosted host hosting listed ' +
  'listing lists shown showing shows displayed available offered advertised sold sell sells selling priced located based reach reached ' +
  'contact contacted ask asked call called write wrote written subscribe subscribed cancel cancelled canceled return returned try tried ' +
  'trying use used using sent send get got getting happen happened happens happening complain complained redeem redeemed enter entered ' +
  'landed land redirected points pointed pointing direct directed aimed apply applied submit submitted delivered deliver created made ' +
  'do does did done have has had keep kept put set run runs running test tested failed fails fail works help helped ' +
  // Things and people
  'account accounts page pages site website websites web shop store stores price prices item items product products offer offers deal ' +
  'deals team staff people support service services customer customers agent agents guy guys someone somebody everyone anyone nobody ' +
  'folks person user users colleague colleagues friend friends profile email e-mail mail address password card subscription ticket ' +
  'tickets case request question reviews review rating article articles blog form forms link links url faq portal app server servers ' +
  'domain status details info information instructions manual docs documentation job event ' +
  // Small words
  'me us you it him her them this that these those here there where who what which all one not and or but so also only just even still ' +
  'again once now then today yesterday tomorrow twice already online offline up in out on off over down back away left right directly ' +
  'straight mostly usually sometimes always never ever first last again anything something nothing everything i we he she they one two three four five six ten both few several some many lot more most';

const ordinary = new Set(words.split(' '));

/** Verb forms such as "answered" and "shopping", but not the names Fred, Jared and Mohamed. */
const verbForm = /^[a-z]{2,}(?:ing|(?<!fr|jar|ham|hamm|ahm|sae|wale|khal|say|hme)ed)$/;

/** True for a word after which "at example.com" is a place and not part of an e-mail address. */
export function isOrdinaryBeforeAt(word: string): boolean {
  return ordinary.has(word) || verbForm.test(word) || /^\d{1,3}$/.test(word);
}
