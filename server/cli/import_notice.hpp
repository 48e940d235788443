// `catchment import PACKAGE --notice FILE`: the part of `catchment import` that takes published notices.
#pragma once

#include <memory>
#include <string>

#include "datasets/importer/notice.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {

struct NoticeOptions {
  std::string file;  // empty: not this kind of import
  std::string layer;
  datasets::NoticeRequest request;
};

void add_notice_options(CLI::App& command, NoticeOptions& options);

// The rest of the request is the command's: package, source, last_change.
int run_notice(NoticeOptions options, const Invocation& invocation);

}  // namespace catchment::cli
