import { readFileSync } from 'fs';
import { expect, test } from 'vitest';

test('the page reads the query', () => {
  expect(readFileSync('app/page.tsx', 'utf-8')).toContain('searchParams');
});
