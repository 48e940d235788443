#include "noise.hpp"

#include <algorithm>
#include <map>

#include "geo/address/similar.hpp"
#include "geo/gazetteer/keys.hpp"

namespace catchment::geo {
namespace {

using datasets::synth::Random;

std::u32string characters_of(std::string_view text) { return to_characters(text); }

std::string replaced(const std::string& text, Span span, std::string_view by) {
  return text.substr(0, span.begin) + std::string(by) + text.substr(span.end);
}

const AddressToken* last_of(const ParsedAddress& parsed, AddressPart part) { return parsed.find(part); }

std::string_view typed(const ParsedAddress& parsed, const AddressToken& token) {
  return std::string_view(parsed.original).substr(token.span.begin, token.span.end - token.span.begin);
}

// A traditional form of each simplified character that has one.
const std::map<char32_t, char32_t>& traditional_forms() {
  static const std::map<char32_t, char32_t> forms = [] {
    std::map<char32_t, char32_t> found;
    for (char32_t c = 0x4e00; c < 0x9fa6; ++c) {
      const char32_t to = fold(c);
      if (to != c) found.emplace(to, c);
    }
    return found;
  }();
  return forms;
}

std::string to_chinese_numeral(int value, bool digit_by_digit) {
  static constexpr std::array<std::string_view, 10> kDigits{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  std::string text;
  if (digit_by_digit || value >= 10'000) {
    for (const char c : std::to_string(value)) text += kDigits[static_cast<std::size_t>(c - '0')];
    return text;
  }
  bool gap = false;
  for (const auto& [unit, word] :
       {std::pair{1000, "千"}, std::pair{100, "百"}, std::pair{10, "十"}, std::pair{1, ""}}) {
    const int digit = value / unit % 10;
    if (digit == 0) {
      gap = !text.empty();
      continue;
    }
    if (gap) text += "零";
    gap = false;
    if (digit != 1 || unit != 10 || !text.empty()) text += kDigits[static_cast<std::size_t>(digit)];
    text += word;
  }
  return text;
}

struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<Run> ascii_runs(std::string_view text) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

std::string in_numerals(const std::string& text, bool digit_by_digit) {
  std::string out = text;
  const auto runs = ascii_runs(text);
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (run->end - run->begin > 5) continue;
    const int value = std::stoi(text.substr(run->begin, run->end - run->begin));
    out.replace(run->begin, run->end - run->begin, to_chinese_numeral(value, digit_by_digit));
  }
  return out;
}

std::string without(const ParsedAddress& parsed, std::initializer_list<AddressPart> parts) {
  std::string out;
  for (const AddressToken& token : parsed.tokens) {
    if (std::ranges::find(parts, token.part) == parts.end()) out += typed(parsed, token);
  }
  return out;
}

std::string with_blanks(const ParsedAddress& parsed, Random& random) {
  static constexpr std::array<std::string_view, 5> kMarks{" ", "，", ",", "  ", "　"};
  std::string out;
  for (const AddressToken& token : parsed.tokens) {
    if (!out.empty() && random.chance_permille(500)) out += kMarks[random.below(kMarks.size())];
    out += typed(parsed, token);
  }
  return out;
}

}  // namespace

std::string_view to_word(Noise noise) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(Noise::kCount)> kWords{"none",
                                                                                                "full_width",
                                                                                                "traditional",
                                                                                                "chinese_numerals",
                                                                                                "no_city",
                                                                                                "no_district",
                                                                                                "no_head",
                                                                                                "no_door_unit",
                                                                                                "dashes",
                                                                                                "building_words",
                                                                                                "blanks",
                                                                                                "other_name",
                                                                                                "no_estate",
                                                                                                "no_street",
                                                                                                "several",
                                                                                                "homophone",
                                                                                                "look_alike",
                                                                                                "wrong_character",
                                                                                                "swapped_characters",
                                                                                                "missing_character",
                                                                                                "extra_character",
                                                                                                "digit_changed",
                                                                                                "digit_dropped",
                                                                                                "digit_added",
                                                                                                "digits_swapped",
                                                                                                "number_broken"};
  return kWords.at(static_cast<std::size_t>(noise));
}

std::vector<std::string> digit_runs(std::string_view text) {
  std::string normal;
  normalise_into(text, normal);
  std::vector<std::string> runs;
  for (std::size_t at = 0; at < normal.size();) {
    std::size_t end = at;
    while (end < normal.size() && normal[end] >= '0' && normal[end] <= '9') ++end;
    if (end > at) runs.push_back(normal.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return runs;
}

std::optional<std::string> NoiseMaker::make(EntryId entry, Noise noise) {
  const std::string text(names_.entry(entry).text);
  if (noise != Noise::several) return apply(text, noise);
  std::string out = text;
  for (int i = 0; i < 3; ++i) {
    const auto one = static_cast<Noise>(random_.between(1, static_cast<int>(Noise::several) - 1));
    out = apply(out, one).value_or(out);
  }
  if (out == text) return std::nullopt;
  return out;
}

std::optional<std::string> NoiseMaker::apply(const std::string& text, Noise noise) {
  const ParsedAddress parsed = parse_address(text, &names_);
  std::string out;
  switch (noise) {
    case Noise::none:
      return text;
    case Noise::full_width:
      for (const char32_t c : characters_of(text)) {
        out += to_utf8(std::u32string(1, c > 0x20 && c < 0x7f ? c + 0xfee0 : c));
      }
      break;
    case Noise::traditional:
      for (const char32_t c : characters_of(text)) {
        const auto form = traditional_forms().find(c);
        out += to_utf8(std::u32string(1, form == traditional_forms().end() ? c : form->second));
      }
      break;
    case Noise::chinese_numerals:
      out = in_numerals(text, random_.chance_permille(500));
      break;
    case Noise::no_city:
      out = without(parsed, {AddressPart::province, AddressPart::city});
      break;
    case Noise::no_district:
      out = without(parsed, {AddressPart::district});
      break;
    case Noise::no_head:
      out = without(parsed, {AddressPart::province, AddressPart::city, AddressPart::district, AddressPart::town});
      break;
    case Noise::no_door_unit: {
      const AddressToken* door = last_of(parsed, AddressPart::door);
      if (door == nullptr) return std::nullopt;
      std::string number(typed(parsed, *door));
      if (!number.ends_with("号") || door->span.end != text.size()) return std::nullopt;
      number.resize(number.size() - std::string_view("号").size());
      out = replaced(text, door->span, number);
      break;
    }
    case Noise::dashes:
      return with_dashes(text, parsed);
    case Noise::building_words: {
      static constexpr std::array<std::string_view, 3> kWords{"幢", "栋", "座"};
      const std::size_t at = text.find("号楼");
      if (at == std::string::npos) return std::nullopt;
      out = text;
      out.replace(at, std::string_view("号楼").size(), kWords[random_.below(kWords.size())]);
      break;
    }
    case Noise::blanks:
      out = with_blanks(parsed, random_);
      break;
    case Noise::other_name:
      return with_other_name(text, parsed);
    case Noise::no_estate:
      if (last_of(parsed, AddressPart::door) == nullptr) return std::nullopt;
      out = without(parsed, {AddressPart::estate});
      break;
    case Noise::no_street:
      if (last_of(parsed, AddressPart::estate) == nullptr || last_of(parsed, AddressPart::building) == nullptr) {
        return std::nullopt;
      }
      out = without(parsed, {AddressPart::street, AddressPart::door, AddressPart::lane, AddressPart::sublane});
      break;
    case Noise::digit_changed:
    case Noise::digit_dropped:
    case Noise::digit_added:
    case Noise::digits_swapped:
      return change_digits(text, noise);
    case Noise::number_broken:
      return break_number(text);
    default:
      return mistype(text, parsed, noise);
  }
  if (out == text || out.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> NoiseMaker::with_dashes(const std::string& text, const ParsedAddress& parsed) {
  const AddressToken* door = last_of(parsed, AddressPart::door);
  std::string numbers;
  std::size_t end = 0;
  for (const AddressPart part : {AddressPart::building, AddressPart::stair, AddressPart::room}) {
    const AddressToken* token = last_of(parsed, part);
    if (token == nullptr) continue;
    if (token->number.sub != 0 || token->number.number == 0) return std::nullopt;
    numbers += "-" + std::to_string(token->number.number);
    end = token->span.end;
  }
  const AddressToken* estate = last_of(parsed, AddressPart::estate);
  // The parser is told apart from a sub-number by the third number only.
  if (std::ranges::count(numbers, '-') < 2 || door == nullptr || door->number.sub != 0) return std::nullopt;
  if (estate != nullptr && random_.chance_permille(500)) {
    return text.substr(0, estate->span.end) + numbers.substr(1) + text.substr(end);
  }
  return text.substr(0, door->span.begin) + std::to_string(door->number.number) + numbers + text.substr(end);
}

std::optional<std::string> NoiseMaker::with_other_name(const std::string& text, const ParsedAddress& parsed) {
  for (const AddressPart part : {AddressPart::street, AddressPart::estate}) {
    const AddressToken* token = last_of(parsed, part);
    if (token == nullptr) continue;
    const auto other = others_.find(typed(parsed, *token));
    if (other != others_.end()) return replaced(text, token->span, other->second);
  }
  return std::nullopt;
}

std::optional<std::string> NoiseMaker::mistype(const std::string& text, const ParsedAddress& parsed, Noise noise) {
  std::vector<const AddressToken*> tokens;
  for (const AddressPart part : {AddressPart::street, AddressPart::estate}) {
    if (const AddressToken* token = last_of(parsed, part)) tokens.push_back(token);
  }
  if (tokens.empty()) return std::nullopt;
  const AddressToken& token = *tokens[random_.below(tokens.size())];
  std::u32string name = characters_of(typed(parsed, token));
  // The type word (路, 花园) is left alone: another type is another name.
  if (name.size() < 3) return std::nullopt;
  const std::size_t at = random_.below(2);
  const char32_t any = characters_of("春华秋实东南西北中山水木金火土日月星云风雨雷电田地天空")[random_.below(27)];
  switch (noise) {
    case Noise::homophone: {
      std::u32string same;
      for (char32_t c = 0x4e00; c < 0x9fa6; ++c) {
        const bool sounds =
            !readings(c).empty() && !readings(name[at]).empty() && readings(c)[0] == readings(name[at])[0];
        if (sounds && c != name[at] && fold(c) == c) same += c;
      }
      if (same.empty()) return std::nullopt;
      name[at] = same[random_.below(same.size())];
      break;
    }
    case Noise::look_alike: {
      const auto like = look_alikes(name[at]);
      if (like.empty()) return std::nullopt;
      name[at] = like[random_.below(like.size())];
      break;
    }
    case Noise::wrong_character:
      name[at] = any;
      break;
    case Noise::swapped_characters:
      std::swap(name[0], name[1]);
      break;
    case Noise::missing_character:
      name.erase(at, 1);
      break;
    case Noise::extra_character:
      name.insert(at, 1, any);
      break;
    default:
      return std::nullopt;
  }
  const std::string wrong = to_utf8(name);
  if (wrong == typed(parsed, token) || !names_.find_names(wrong).empty()) return std::nullopt;
  return replaced(text, token.span, wrong);
}

std::optional<std::string> NoiseMaker::break_number(const std::string& text) {
  static constexpr std::array<std::string_view, 3> kBlanks{" ", "  ", "　"};
  auto runs = ascii_runs(text);
  std::erase_if(runs, [](const Run& run) { return run.end - run.begin < 2; });
  if (runs.empty()) return std::nullopt;
  const Run run = runs[random_.below(runs.size())];
  const std::size_t at = run.begin + 1 + random_.below(run.end - run.begin - 1);
  return text.substr(0, at) + std::string(kBlanks[random_.below(kBlanks.size())]) + text.substr(at);
}

std::optional<std::string> NoiseMaker::change_digits(const std::string& text, Noise noise) {
  const auto runs = ascii_runs(text);
  if (runs.empty()) return std::nullopt;
  const Run run = runs[random_.below(runs.size())];
  std::string digits = text.substr(run.begin, run.end - run.begin);
  const std::string before = digits;
  const std::size_t at = random_.below(digits.size());
  switch (noise) {
    case Noise::digit_changed:
      digits[at] = static_cast<char>('0' + random_.below(10));
      break;
    case Noise::digit_dropped:
      digits.erase(at, 1);
      break;
    case Noise::digit_added:
      digits.insert(at, 1, static_cast<char>('0' + random_.below(10)));
      break;
    default:
      if (at + 1 < digits.size()) std::swap(digits[at], digits[at + 1]);
  }
  if (digits.empty() || digits == before || digits.front() == '0') return std::nullopt;
  return text.substr(0, run.begin) + digits + text.substr(run.end);
}

}  // namespace catchment::geo
