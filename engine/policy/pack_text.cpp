#include "engine/policy/pack_text.hpp"

#include <algorithm>
#include <sstream>

namespace catchment::engine::policy {
namespace {

// One of two texts, by language.
struct Words {
  PackLanguage language;

  std::string operator()(const char* zh, const char* en) const { return language == PackLanguage::zh ? zh : en; }
  const std::string& of(const Entry& entry) const {
    return language == PackLanguage::en && !entry.en.empty() ? entry.en : entry.title;
  }
};

std::string moment_words(const Moment& moment) {
  std::string text = to_text(moment);
  if (moment.minute != Moment::kWholeDay) text[10] = ' ';
  return text;
}

std::string joined_words(const std::vector<std::string>& texts, const char* between) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : between) + text;
  return out;
}

class PackWriter {
 public:
  PackWriter(const PolicyPack& pack, PackLanguage language) : pack_(pack), language_(language), words_{language} {}

  std::string write() {
    out_ << (language_ == PackLanguage::en && !pack_.en.empty() ? pack_.en : pack_.name) << " " << pack_.school_year
         << "\n";
    for (const Document& document : pack_.documents) {
      out_ << "  " << document.issuer << "  " << document.title << (document.issued ? "  " : "")
           << (document.issued ? to_text(*document.issued) : "") << "\n";
    }
    calendar();
    entrance();
    order();
    private_schools();
    conduct();
    checks();
    return out_.str();
  }

 private:
  void head(const char* zh, const char* en) { out_ << "\n" << words_(zh, en) << "\n"; }

  void line(const Entry& entry, const std::string& more = {}) {
    out_ << "  " << words_.of(entry) << (more.empty() ? "" : words_("：", ": ")) << more;
    if (!entry.note.empty()) out_ << words_("。注：", ". Note: ") << entry.note;
    section(entry.clause);
  }

  void section(const std::string& id) {
    const Clause* clause = find_clause(pack_, id);
    out_ << "  [" << (clause == nullptr ? id : clause->section);
    if (clause != nullptr && !clause->serves.empty()) out_ << " " << joined_words(clause->serves, " ");
    out_ << "]\n";
  }

  template <class List>
  void lines(const List& list) {
    for (const auto& entry : list) line(entry);
  }

  // By when it opens; entries without a day last.
  void calendar() {
    head("日程", "Calendar");
    std::vector<const Window*> windows;
    for (const Window& window : pack_.calendar.windows) windows.push_back(&window);
    std::ranges::stable_sort(windows, {}, [](const Window* w) { return begin_of(w->span.opens); });
    for (const Window* window : windows) {
      std::string when = describe_span(window->span, language_);
      if (window->daily) {
        when += words_("，每日", ", daily ") + minute_text(window->daily->from) + "-" + minute_text(window->daily->to);
      }
      if (window->batched && window->batches.empty())
        when += words_("，分区县批次（未列）", ", by district batch (not told)");
      for (const Batch& batch : window->batches) {
        when += "; " + joined_words(batch.districts, " ") + " " + describe_span(batch.span, language_);
      }
      line(*window, when);
    }
    for (const Deadline& deadline : pack_.calendar.deadlines) line(deadline, term_words(deadline));
    for (const Publication& publication : pack_.calendar.publications) {
      std::string when;
      if (publication.by) when = words_("不迟于 ", "by ") + moment_words(*publication.by);
      if (publication.on) when = to_text(*publication.on);
      line(publication, when);
    }
  }

  std::string term_words(const Deadline& deadline) const {
    std::string out;
    if (deadline.by) {
      out = deadline.by_inclusive ? words_("至 ", "to the end of ") : words_("早于 ", "before ");
      out += moment_words(*deadline.by);
    }
    if (deadline.working_days > 0) {
      out += (out.empty() ? "" : words_("，且", ", and ")) + std::to_string(deadline.working_days) +
             words_(" 个工作日内，自 ", " working days after ") + deadline.after;
    }
    return out;
  }

  void entrance() {
    head("谁可入学", "Who may enter");
    lines(pack_.levels);
    for (const AgeRule& rule : pack_.age_rules) {
      std::string more;
      if (rule.cutoff) {
        more = std::to_string(rule.years) + words_(" 周岁，截至 ", " years by ") + to_text(*rule.cutoff) +
               (rule.cutoff_inclusive ? words_("（含）", " (included)") : words_("（不含）", " (not included)"));
      } else {
        more = words_("由其定：", "left to: ") + rule.delegated_to;
      }
      line(rule, more);
    }
    lines(pack_.deferrals);
    for (const Category& category : pack_.categories) line(category, evidence_words(category));
    lines(pack_.bars);
    head("不得索要", "Never asked for");
    lines(pack_.evidence_forbidden);
  }

  std::string evidence_words(const Category& category) const {
    std::vector<std::string> groups;
    for (const auto& group : category.evidence) {
      std::vector<std::string> names;
      for (const std::string& id : group) {
        const auto at = std::ranges::find(pack_.evidence, id, &Evidence::id);
        names.push_back(at == pack_.evidence.end() ? id : words_.of(*at));
      }
      groups.push_back(joined_words(names, words_("或", " or ").c_str()));
    }
    return joined_words(groups, words_("、", ", ").c_str());
  }

  void order() {
    head("次序与学位", "Order and seats");
    for (const Tier& tier : pack_.tiers) line(tier, std::to_string(tier.rank));
    lines(pack_.points_tables);
    lines(pack_.filling);
    lines(pack_.seat_plans);
    for (const ClassCap& cap : pack_.class_caps) line(cap, cap.cap > 0 ? std::to_string(cap.cap) : "");
    lines(pack_.overflow);
    lines(pack_.dwelling_locks);
    lines(pack_.locks);
    for (const Feeder& feeder : pack_.feeders) {
      std::vector<std::string> from;
      for (const Feeder::From& each : feeder.from) {
        from.push_back(each.school + each.campus + (each.part ? words_("（部分）", " (part)") : ""));
      }
      line(feeder, joined_words(from, words_("、", ", ").c_str()));
    }
  }

  void private_schools() {
    const PrivateSchools& schools = pack_.private_schools;
    head("民办学校", "Private schools");
    lines(schools.rules);
    lines(schools.choices);
    lines(schools.ranges);
    for (const FeeLimit& limit : schools.fee_limits) line(limit, std::to_string(limit.yuan_per_term));
    lines(schools.direct_promotion);
    lines(schools.estate_quotas);
    for (const Draw& draw : pack_.draws) line(draw, draw.on ? to_text(*draw.on) : "");
    lines(pack_.confirmations);
  }

  void conduct() {
    head("群体与安置", "Groups and placements");
    lines(pack_.special_groups);
    lines(pack_.placements);
    lines(pack_.recommended_quotas);
    head("办理", "Conduct");
    for (const Channel& channel : pack_.channels) line(channel, channel.url);
    lines(pack_.form.rules);
    lines(pack_.late);
    lines(pack_.notices);
    lines(pack_.class_rules);
    lines(pack_.zone_rules);
  }

  void checks() {
    head("应做之事", "Duties");
    for (const Duty& duty : pack_.duties) line(duty, duty.record);
    lines(pack_.ledgers);
    lines(pack_.flags);
    head("禁令", "Bans");
    lines(pack_.bans);
    for (const Checklist& list : pack_.checklists) {
      out_ << "\n" << words_.of(list) << "\n";
      lines(list.checks);
    }
    if (pack_.phones.empty()) return;
    head("电话", "Phones");
    for (const Phone& phone : pack_.phones) {
      out_ << "  " << phone.unit << "  " << phone.consult << "  " << phone.report << "  " << phone.mailbox;
      section(phone.clause);
    }
  }

  const PolicyPack& pack_;
  PackLanguage language_;
  Words words_;
  std::ostringstream out_;
};

}  // namespace

std::string describe_span(const Span& span, PackLanguage language) {
  const Words words{language};
  const auto end = [&](bool inclusive) {
    return inclusive ? words("（含）", " (included)") : words("（不含）", " (not included)");
  };
  return moment_words(span.opens) + end(span.opens_inclusive) + words(" 至 ", " to ") + moment_words(span.closes) +
         end(span.closes_inclusive);
}

std::string describe_pack(const PolicyPack& pack, PackLanguage language) { return PackWriter(pack, language).write(); }

}  // namespace catchment::engine::policy
