import { isNetworkFile } from "../formats/index.js";
import { OptionError, withoutShortcuts } from "../index.js";
import { defaults } from "../options/plane/index.js";

/**
 * The network that `--no-skip` means.
 *
 * @throws {OptionError} where a file holds the network, or it has no shortcuts
 */
export function withoutSkips(model: string = defaults.model): string {
	if (isNetworkFile(model))
		throw new OptionError("noSkip", `expected a network by name, such as resnet-20, got the file "${model}"`);
	return withoutShortcuts(model);
}
