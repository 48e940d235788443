// The closed word lists of notices: function words, and the suffixes that say what kind of thing a name is.
// All in normalised form (simplified characters, half width).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine::zone_text {

enum class Word : std::uint8_t {
  none,
  side_of,       // 以西
  section,       // 东段, 中段
  stretch,       // 区间段, 路段
  plus,          // 及, 和, 与, 以及
  upto,          // 至, 到
  join,          // 连, 接, 转
  of,            // 的
  etc,           // 等
  count,         // 各里
  except_open,   // 除, 除了
  except_close,  // 除外, 之外, 以外, 外
  rest,          // 其余, 余
  exclude,       // 不含, 不包括
  only,          // 只招, 仅限
  contains,      // 含, 包括
  alias,         // 原, 即
  among,         // 其中
  along,         // 沿线
  along_open,    // 沿
  both_sides,    // 两侧
  extension,     // 延伸线
  enclosed,      // 围成的区域
  enclose_open,  // 由
  crossing,      // 交汇处
  as_border,     // 一线为界
  toward,        // 往, 向
  area,          // 区域, 地段, 范围内
  within,        // 范围内
  inside,        // 内
  centre,        // 中心线
  odd,
  even,
  both_parities,
  lane_odd,      // 弄内单号
  lane_even,     // 弄内双号
  from_on,       // 起, 及以后
  until,         // 止, 及以前
  whole,         // 全部
  part,          // 部分
  vague,         // 附近, 周边
  void_now,      // 已拆迁, 空号
  ours_above,    // 以上, the items before
  graduates,     // 毕业生
  schools_of,    // 所属小学
  own_school,    // 本校小学
  every_school,  // 全市有意就读的小学
  children,      // 适龄儿童
  lead,          // 招收居住在
  household,     // 户籍
  shared,        // 共同学区
  allocation,    // 电脑派位
  note,          // 暂定名
  zone_of,       // 招生服务范围
  feeds,         // 对口
  is,            // 为, 均为, 分别为
  divided,       // 分为
  sentence,      // words only whole sentences have: 因, 位于
};

struct WordHit {
  Word word = Word::none;
  std::size_t length = 0;  // characters
  std::optional<Compass> compass;
};

// The longest function word that `text` begins with, of those that stand for themselves wherever they are.
WordHit strong_word_at(std::u32string_view text);
// Of those that are words only behind a finished name, number or bracket: 及, 和, 至, 外, 北段 ...
WordHit weak_word_at(std::u32string_view text);
// Of those that are words only where an item begins: 除, 含, 原, 单 ...
WordHit opening_word_at(std::u32string_view text);

std::optional<Compass> compass_of(char32_t c);

// What a name is, by its last word.
enum class NameClass : std::uint8_t {
  untyped,
  road,
  railway,
  river,
  boundary,
  wall,
  landmark,  // 石子岗, 立交桥: a line or a point, never with doors
  district,
  town,
  community,
  village,
  group,  // 经济社, 生产队 by name
  estate,
  block,
  institution,
  school,
};

struct SuffixHit {
  NameClass what = NameClass::untyped;
  std::size_t length = 0;
  bool hard = false;  // ends a name also where more text follows; soft ones type a name only at its end
};
SuffixHit suffix_at(std::u32string_view text);

// The unit that follows a number: 号, 号院, 弄, 幢, 期, 组, 鄰 ...; length 0 if none.
struct UnitHit {
  NumberUnit unit = NumberUnit::door;
  std::size_t length = 0;
};
UnitHit unit_at(std::u32string_view text);

bool is_numeral(char32_t c);                              // 一 to 九, 十, 百, 〇, 零, 廿, 卅, 两
std::int32_t numeral_value(std::u32string_view numeral);  // 0 if it is none

}  // namespace catchment::engine::zone_text
