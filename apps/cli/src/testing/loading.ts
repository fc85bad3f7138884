/** Loads a library and does nothing with it. Arguments: its name. */
void import(process.argv[2] ?? '');
