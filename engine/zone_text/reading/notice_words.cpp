// Function words: joining, excepting, bounding.
#include "engine/zone_text/reading/notice_words.hpp"

#include "engine/zone_text/reading/word_tables.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr WordEntry kStrong[] = {
    {U"区间段", Word::stretch},
    {U"区间", Word::stretch},
    {U"及其", Word::plus},
    {U"以及", Word::plus},
    {U"和其", Word::plus},
    {U"及", Word::plus},
    {U"的", Word::of},
    {U"除外", Word::except_close},
    {U"之外", Word::except_close},
    {U"以外", Word::except_close},
    {U"其余", Word::rest},
    {U"其他", Word::rest},
    {U"其它", Word::rest},
    {U"不含", Word::exclude},
    {U"不包括", Word::exclude},
    {U"不包含", Word::exclude},
    {U"排除", Word::exclude},
    {U"只招收", Word::only},
    {U"只招", Word::only},
    {U"只限", Word::only},
    {U"仅限", Word::only},
    {U"仅招收", Word::only},
    {U"仅招", Word::only},
    {U"限招", Word::only},
    {U"仅含", Word::only},
    {U"包括", Word::contains},
    {U"包含", Word::contains},
    {U"涵盖", Word::contains},
    {U"按原门牌号", Word::alias},
    {U"按原门牌", Word::alias},
    {U"原门牌号", Word::alias},
    {U"又名", Word::alias},
    {U"原名", Word::alias},
    {U"曾用名", Word::alias},
    {U"现名", Word::alias},
    {U"又称", Word::alias},
    {U"其中", Word::among},
    {U"沿线", Word::along},
    {U"两侧", Word::both_sides},
    {U"两边", Word::both_sides},
    {U"两旁", Word::both_sides},
    {U"延伸线", Word::extension},
    {U"延长线", Word::extension},
    {U"延伸段", Word::extension},
    {U"延长段", Word::extension},
    {U"所围成的区域", Word::enclosed},
    {U"所围成区域", Word::enclosed},
    {U"所围成的范围", Word::enclosed},
    {U"所围区域", Word::enclosed},
    {U"所围成的", Word::enclosed},
    {U"所围成", Word::enclosed},
    {U"围成的区域", Word::enclosed},
    {U"围成区域", Word::enclosed},
    {U"围成", Word::enclosed},
    {U"围合成的区域", Word::enclosed},
    {U"围合的区域", Word::enclosed},
    {U"围合区域", Word::enclosed},
    {U"围合", Word::enclosed},
    {U"合围区域", Word::enclosed},
    {U"合围的区域", Word::enclosed},
    {U"合围", Word::enclosed},
    {U"围闭", Word::enclosed},
    {U"交汇处", Word::crossing},
    {U"交会处", Word::crossing},
    {U"交叉口", Word::crossing},
    {U"交叉处", Word::crossing},
    {U"交界处", Word::crossing},
    {U"交口", Word::crossing},
    {U"一线为界", Word::as_border},
    {U"一线", Word::as_border},
    {U"为界", Word::as_border},
    {U"区域", Word::area},
    {U"地段", Word::area},
    {U"地块", Word::area},
    {U"整片区", Word::area},
    {U"辖区内", Word::area},
    {U"辖区", Word::area},
    {U"范围内", Word::within},
    {U"范围", Word::within},
    {U"道路中心线", Word::centre},
    {U"再往", Word::toward},
    {U"再向", Word::toward},
    {U"再沿", Word::along_open},
    {U"中心线", Word::centre},
    {U"道路红线", Word::centre},
    {U"道路中线", Word::centre},
    {U"弄内单号", Word::lane_odd},
    {U"弄内双号", Word::lane_even},
    {U"单双号", Word::both_parities},
    {U"单、双号", Word::both_parities},
    {U"单双门牌号", Word::both_parities},
    {U"单双门牌", Word::both_parities},
    {U"单号和双号", Word::both_parities},
    {U"门牌号为单号", Word::odd},
    {U"门牌号为双号", Word::even},
    {U"门牌单号", Word::odd},
    {U"门牌双号", Word::even},
    {U"单门牌号", Word::odd},
    {U"双门牌号", Word::even},
    {U"单号门牌", Word::odd},
    {U"双号门牌", Word::even},
    {U"单门牌", Word::odd},
    {U"双门牌", Word::even},
    {U"单数幢号", Word::odd},
    {U"双数幢号", Word::even},
    {U"单数楼号", Word::odd},
    {U"双数楼号", Word::even},
    {U"单数号", Word::odd},
    {U"双数号", Word::even},
    {U"单号", Word::odd},
    {U"双号", Word::even},
    {U"单数", Word::odd},
    {U"双数", Word::even},
    {U"奇数号", Word::odd},
    {U"偶数号", Word::even},
    {U"奇数", Word::odd},
    {U"偶数", Word::even},
    {U"及以后", Word::from_on},
    {U"及以上", Word::from_on},
    {U"及之后", Word::from_on},
    {U"之后", Word::from_on},
    {U"以后", Word::from_on},
    {U"起至末号", Word::from_on},
    {U"及以前", Word::until},
    {U"及以下", Word::until},
    {U"及之前", Word::until},
    {U"之前", Word::until},
    {U"以前", Word::until},
    {U"以下", Word::until},
    {U"全部邻别", Word::whole},
    {U"全部门牌", Word::whole},
    {U"所有门牌", Word::whole},
    {U"全部", Word::whole},
    {U"全区", Word::whole},
    {U"全市", Word::whole},
    {U"全县", Word::whole},
    {U"全镇", Word::whole},
    {U"全乡", Word::whole},
    {U"各里", Word::count},
    {U"各村", Word::count},
    {U"各社区", Word::count},
    {U"全境", Word::whole},
    {U"整条", Word::whole},
    {U"一部分", Word::part},
    {U"之一部分", Word::part},
    {U"部分", Word::part},
    {U"附近", Word::vague},
    {U"周边", Word::vague},
    {U"周围", Word::vague},
    {U"一带", Word::vague},
    {U"距离", Word::vague},
    {U"较近", Word::vague},
    {U"就近", Word::vague},
    {U"相邻", Word::vague},
    {U"已拆迁", Word::void_now},
    {U"待拆迁", Word::void_now},
    {U"已拆除", Word::void_now},
    {U"已拆", Word::void_now},
    {U"拆迁", Word::void_now},
    {U"为空号", Word::void_now},
    {U"空号", Word::void_now},
    {U"属临迁", Word::void_now},
    {U"临迁", Word::void_now},
    {U"以上", Word::ours_above},
    {U"划分为", Word::is},
    {U"分别为", Word::is},
    {U"均为", Word::is},
    {U"皆为", Word::is},
    {U"列为", Word::is},
    {U"分为", Word::divided},
    {U"来说", Word::sentence},
    {U"来看", Word::sentence},
    {U"仅剩", Word::sentence},
    {U"位于", Word::sentence},
    {U"因为", Word::sentence},
    {U"不断", Word::sentence},
    {U"为了", Word::sentence},
    {U"曾经", Word::sentence},
    {U"历史", Word::sentence},
};

constexpr WordEntry kWeak[] = {
    {U"和", Word::plus},     {U"与", Word::plus},         {U"暨", Word::plus},         {U"至", Word::upto},
    {U"到", Word::upto},     {U"连", Word::join},         {U"接", Word::join},         {U"转", Word::join},
    {U"等", Word::etc},      {U"外", Word::except_close}, {U"内", Word::inside},       {U"境内", Word::inside},
    {U"区内", Word::inside}, {U"以内", Word::inside},     {U"起", Word::from_on},      {U"止", Word::until},
    {U"含", Word::contains}, {U"除", Word::except_open},  {U"即", Word::alias},        {U"向", Word::toward},
    {U"往", Word::toward},   {U"沿", Word::along_open},   {U"由", Word::enclose_open}, {U"中段", Word::section},
    {U"段", Word::stretch},  {U"全", Word::whole},        {U"为", Word::is},           {U"之", Word::of},
};

constexpr WordEntry kOpening[] = {
    {U"为", Word::is},           {U"以", Word::lead},       {U"在", Word::lead},   {U"除了", Word::except_open},
    {U"除", Word::except_open},  {U"含", Word::contains},   {U"限", Word::only},   {U"原", Word::alias},
    {U"即", Word::alias},        {U"沿", Word::along_open}, {U"往", Word::toward}, {U"向", Word::toward},
    {U"由", Word::enclose_open}, {U"单", Word::odd},        {U"双", Word::even},   {U"余", Word::rest},
    {U"全", Word::whole},        {U"和", Word::plus},       {U"与", Word::plus},   {U"至", Word::upto},
    {U"到", Word::upto},         {U"中段", Word::section},  {U"等", Word::etc},    {U"内", Word::inside},
    {U"外", Word::except_close},
};

WordHit hit_of(const WordEntry* entry) {
  if (entry == nullptr) return {};
  return {entry->word, entry->text.size(), std::nullopt};
}

bool continues_a_name(std::u32string_view text) {
  return !text.empty() && text[0] >= 0x4e00 && text[0] <= 0x9fff && text[0] != U'的' && text[0] != U'区' &&
         text[0] != U'范' && text[0] != U'之';
}

// The compass word at the start: 东, or 东北 where `whole_word` allows two.
std::size_t compass_at(std::u32string_view text, std::optional<Compass>& out) {
  if (text.empty()) return 0;
  out = compass_of(text[0]);
  if (!out) return 0;
  if (text.size() < 2) return 1;
  const std::optional<Compass> second = compass_of(text[1]);
  const bool first_is_ew = *out == Compass::east || *out == Compass::west;
  if (!second || !first_is_ew || (*second != Compass::north && *second != Compass::south)) return 1;
  if (continues_a_name(text.substr(2))) return 1;
  if (*out == Compass::east)
    out = *second == Compass::north ? Compass::northeast : Compass::southeast;
  else
    out = *second == Compass::north ? Compass::northwest : Compass::southwest;
  return 2;
}

}  // namespace

std::optional<Compass> compass_of(char32_t c) {
  switch (c) {
    case U'东':
      return Compass::east;
    case U'西':
      return Compass::west;
    case U'南':
      return Compass::south;
    case U'北':
      return Compass::north;
    default:
      return std::nullopt;
  }
}

WordHit strong_word_at(std::u32string_view text) {
  static const FirstCharTable<WordEntry> table{kStrong, admission_words()};
  if (text.starts_with(U"以")) {
    std::optional<Compass> compass;
    const std::size_t length = compass_at(text.substr(1), compass);
    if (length > 0) return {Word::side_of, length + 1, compass};
  }
  return hit_of(table.longest_at(text));
}

WordHit weak_word_at(std::u32string_view text) {
  static const FirstCharTable<WordEntry> table{kWeak};
  if (text.size() >= 2 && text[1] == U'侧')
    if (const std::optional<Compass> compass = compass_of(text[0])) return {Word::side_of, 2, compass};
  if (text.size() >= 2 && text[1] == U'段')
    if (const std::optional<Compass> compass = compass_of(text[0])) return {Word::section, 2, compass};
  return hit_of(table.longest_at(text));
}

WordHit opening_word_at(std::u32string_view text) {
  static const FirstCharTable<WordEntry> table{kOpening};
  if (text.size() >= 2 && text[1] == U'段')
    if (const std::optional<Compass> compass = compass_of(text[0])) return {Word::section, 2, compass};
  return hit_of(table.longest_at(text));
}

}  // namespace catchment::engine::zone_text
