#include "datasets/synth/names.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {
namespace {

using namespace std::string_view_literals;

constexpr std::array kFirst{"青"sv, "云"sv, "锦"sv, "翠"sv, "丹"sv, "玉"sv, "银"sv, "金"sv, "瑞"sv, "祥"sv,
                            "永"sv, "安"sv, "宁"sv, "和"sv, "平"sv, "康"sv, "泰"sv, "昌"sv, "盛"sv, "兴"sv,
                            "隆"sv, "文"sv, "德"sv, "明"sv, "景"sv, "春"sv, "秋"sv, "望"sv, "临"sv, "清"sv,
                            "碧"sv, "映"sv, "听"sv, "观"sv, "凌"sv, "朝"sv, "晨"sv, "星"sv, "月"sv, "霞"sv,
                            "虹"sv, "松"sv, "柏"sv, "梅"sv, "兰"sv, "竹"sv, "桂"sv, "枫"sv, "柳"sv, "桃"sv,
                            "莲"sv, "荷"sv, "芳"sv, "香"sv, "凤"sv, "鹤"sv, "鹭"sv, "鸿"sv, "燕"sv, "鹿"sv};
constexpr std::array kSecond{"河"sv, "湖"sv, "溪"sv, "泉"sv, "江"sv, "海"sv, "山"sv, "岭"sv, "峰"sv, "岗"sv,
                             "原"sv, "野"sv, "林"sv, "园"sv, "庭"sv, "亭"sv, "桥"sv, "渡"sv, "港"sv, "湾"sv,
                             "洲"sv, "堤"sv, "岸"sv, "坪"sv, "坡"sv, "谷"sv, "川"sv, "石"sv, "岩"sv, "塘"sv,
                             "池"sv, "井"sv, "田"sv, "禾"sv, "麦"sv, "稻"sv, "桑"sv, "茶"sv, "华"sv, "光"sv,
                             "辉"sv, "阳"sv, "晖"sv, "霖"sv, "露"sv, "岚"sv, "风"sv, "雪"sv, "源"sv, "泽"sv,
                             "润"sv, "滨"sv, "波"sv, "澜"sv, "城"sv, "台"sv, "楼"sv, "舟"sv, "帆"sv, "歌"sv};
constexpr std::array kBefore{""sv, "新"sv, "上"sv, "下"sv, "前"sv, "后"sv, "大"sv, "小"sv, "老"sv, "内"sv, "外"sv};
constexpr std::array kDigits{""sv, "一"sv, "二"sv, "三"sv, "四"sv, "五"sv, "六"sv, "七"sv, "八"sv, "九"sv};

}  // namespace

std::string to_chinese(int number) {
  std::string text;
  if (number >= 20) text += kDigits.at(static_cast<std::size_t>(number / 10));
  if (number >= 10) text += "十";
  return text += kDigits.at(static_cast<std::size_t>(number % 10));
}

std::string padded(char letter, std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  std::string padded(1, letter);
  padded.append(digits - std::min(digits, text.size()), '0');
  return padded.append(text);
}

Stems::Stems(std::uint64_t seed, std::uint64_t stream) : order_(kFirst.size() * kSecond.size()) {
  std::iota(order_.begin(), order_.end(), std::uint16_t{0});
  Random random(seed, stream);
  shuffle(order_, random);
}

std::string Stems::next() {
  const std::size_t round = used_ / order_.size();
  const std::size_t i = order_[used_++ % order_.size()];
  std::string stem(kBefore[round % kBefore.size()]);
  if (round >= kBefore.size()) stem += to_chinese(static_cast<int>(round / kBefore.size()));
  stem += kFirst[i / kSecond.size()];
  return stem += kSecond[i % kSecond.size()];
}

}  // namespace catchment::datasets::synth
